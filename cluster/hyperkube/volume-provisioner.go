package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/sig-storage-lib-external-provisioner/v13/controller"
)

const volumePermissions = 0o770

// A provisioner makes one folder of the node for each claim. It hands the folder out as a volume of type `local`: the kubelet
// gives that one to a pod's fsGroup, which it does not do for `hostPath`.
type provisioner struct {
	folder string
}

func newProvisionerCommand() *cobra.Command {
	var kubeconfig, folder, name string
	command := &cobra.Command{
		Use:   "volume-provisioner",
		Short: "makes folders of this node into volumes for claims of a storage class",
		RunE: func(command *cobra.Command, _ []string) error {
			config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
			if err != nil {
				return err
			}
			client, err := kubernetes.NewForConfig(config)
			if err != nil {
				return err
			}
			controller.NewProvisionController(command.Context(), client, name, &provisioner{folder},
				controller.LeaderElection(false)).Run(command.Context())
			return nil
		},
	}
	command.Flags().StringVar(&kubeconfig, "kubeconfig", "", "file with the API server's address and the identity to use")
	command.Flags().StringVar(&folder, "folder", "", "folder of this node below which volumes are made")
	command.Flags().StringVar(&name, "provisioner", "", "name that storage classes give as their provisioner")
	for _, flag := range []string{"kubeconfig", "folder", "provisioner"} {
		if err := command.MarkFlagRequired(flag); err != nil {
			panic(err) // The flag is defined above.
		}
	}
	return command
}

func (p *provisioner) Provision(_ context.Context, options controller.ProvisionOptions) (*v1.PersistentVolume, controller.ProvisioningState, error) {
	if options.SelectedNodeName == "" {
		return nil, controller.ProvisioningFinished,
			fmt.Errorf("expected volumeBindingMode WaitForFirstConsumer in storage class %s", options.StorageClass.Name)
	}
	path := filepath.Join(p.folder, options.PVName)
	if err := os.MkdirAll(path, volumePermissions); err != nil {
		return nil, controller.ProvisioningFinished, err
	}
	return &v1.PersistentVolume{
		ObjectMeta: metav1.ObjectMeta{Name: options.PVName},
		Spec: v1.PersistentVolumeSpec{
			PersistentVolumeReclaimPolicy: *options.StorageClass.ReclaimPolicy,
			AccessModes:                   options.PVC.Spec.AccessModes,
			Capacity:                      v1.ResourceList{v1.ResourceStorage: options.PVC.Spec.Resources.Requests[v1.ResourceStorage]},
			PersistentVolumeSource:        v1.PersistentVolumeSource{Local: &v1.LocalVolumeSource{Path: path}},
			NodeAffinity:                  onNode(options.SelectedNodeName),
		},
	}, controller.ProvisioningFinished, nil
}

func (p *provisioner) Delete(_ context.Context, volume *v1.PersistentVolume) error {
	return os.RemoveAll(filepath.Join(p.folder, volume.Name))
}

func onNode(name string) *v1.VolumeNodeAffinity {
	return &v1.VolumeNodeAffinity{Required: &v1.NodeSelector{NodeSelectorTerms: []v1.NodeSelectorTerm{{
		MatchExpressions: []v1.NodeSelectorRequirement{
			{Key: v1.LabelHostname, Operator: v1.NodeSelectorOpIn, Values: []string{name}},
		},
	}}}}
}
