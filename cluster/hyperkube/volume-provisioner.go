package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"golang.org/x/sys/unix"
	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/sig-storage-lib-external-provisioner/v13/controller"
)

const (
	volumePermissions = 0o770
	// Parameter of a storage class: with the value `memory` a volume has the size of its claim, and can be full.
	mediumParameter = "medium"
	// On a volume: its medium, so that it can be made again after the node was started anew.
	mediumAnnotation = "observability-lab/medium"
	memory           = "memory"
)

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
			volumes := &provisioner{folder}
			if err := volumes.restore(command.Context(), client); err != nil {
				return err
			}
			controller.NewProvisionController(command.Context(), client, name, volumes,
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
	volume := &v1.PersistentVolume{
		ObjectMeta: metav1.ObjectMeta{
			Name:        options.PVName,
			Annotations: map[string]string{mediumAnnotation: options.StorageClass.Parameters[mediumParameter]},
		},
		Spec: v1.PersistentVolumeSpec{
			PersistentVolumeReclaimPolicy: *options.StorageClass.ReclaimPolicy,
			AccessModes:                   options.PVC.Spec.AccessModes,
			Capacity:                      v1.ResourceList{v1.ResourceStorage: options.PVC.Spec.Resources.Requests[v1.ResourceStorage]},
			PersistentVolumeSource:        v1.PersistentVolumeSource{Local: &v1.LocalVolumeSource{Path: p.path(options.PVName)}},
			NodeAffinity:                  onNode(options.SelectedNodeName),
		},
	}
	return volume, controller.ProvisioningFinished, p.make(volume)
}

func (p *provisioner) Delete(_ context.Context, volume *v1.PersistentVolume) error {
	path := p.path(volume.Name)
	if volume.Annotations[mediumAnnotation] == memory {
		mounted, err := isMemory(path)
		if err != nil && !os.IsNotExist(err) {
			return err
		}
		if mounted {
			if err := unix.Unmount(path, 0); err != nil {
				return err
			}
		}
	}
	return os.RemoveAll(path)
}

// Volumes in memory end with the node. Their claims are still there when it starts again: they get an empty volume.
func (p *provisioner) restore(ctx context.Context, client kubernetes.Interface) error {
	volumes, err := client.CoreV1().PersistentVolumes().List(ctx, metav1.ListOptions{})
	if err != nil {
		return err
	}
	for _, volume := range volumes.Items {
		if volume.Annotations[mediumAnnotation] != memory {
			continue
		}
		if err := p.make(&volume); err != nil {
			return err
		}
	}
	return nil
}

func (p *provisioner) make(volume *v1.PersistentVolume) error {
	path := p.path(volume.Name)
	if err := os.MkdirAll(path, volumePermissions); err != nil {
		return err
	}
	if volume.Annotations[mediumAnnotation] != memory {
		return nil
	}
	if mounted, err := isMemory(path); mounted || err != nil {
		return err
	}
	capacity := volume.Spec.Capacity[v1.ResourceStorage]
	options := fmt.Sprintf("size=%d,mode=%o", capacity.Value(), volumePermissions)
	return unix.Mount("tmpfs", path, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, options)
}

func (p *provisioner) path(name string) string {
	return filepath.Join(p.folder, name)
}

func isMemory(path string) (bool, error) {
	var status unix.Statfs_t
	if err := unix.Statfs(path, &status); err != nil {
		return false, &os.PathError{Op: "statfs", Path: path, Err: err}
	}
	return status.Type == unix.TMPFS_MAGIC, nil
}

func onNode(name string) *v1.VolumeNodeAffinity {
	return &v1.VolumeNodeAffinity{Required: &v1.NodeSelector{NodeSelectorTerms: []v1.NodeSelectorTerm{{
		MatchExpressions: []v1.NodeSelectorRequirement{
			{Key: v1.LabelHostname, Operator: v1.NodeSelectorOpIn, Values: []string{name}},
		},
	}}}}
}
