# Asks the API server for the labels of pods, once for each. Where it does not answer, lines go on without them.
require 'json'
require 'net/http'

class Pods
  KEPT_SECONDS = 3600
  # Nobody is asked again for each of the lines that come meanwhile.
  FAILED_SECONDS = 60
  ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount'

  Answer = Struct.new(:labels, :until)

  def initialize(environment)
    @server = environment.values_at('KUBERNETES_SERVICE_HOST', 'KUBERNETES_SERVICE_PORT')
    @account = environment.fetch('KUBERNETES_ACCOUNT_DIR', ACCOUNT)
    @answers = {}
  end

  # A hash of labels, or nothing where they are not known.
  def labels(namespace, pod)
    return if @server.any?(&:nil?)

    now = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    answer = @answers[[namespace, pod]]
    answer = @answers[[namespace, pod]] = ask(namespace, pod, now) if answer.nil? || answer.until < now
    answer.labels
  end

  private

  def ask(namespace, pod, now)
    headers = { 'authorization' => "Bearer #{File.read("#{@account}/token").strip}" }
    answer = Net::HTTP.start(*@server, use_ssl: true, ca_file: "#{@account}/ca.crt", open_timeout: 3, read_timeout: 10) do |http|
      http.get("/api/v1/namespaces/#{namespace}/pods/#{pod}", headers)
    end
    raise "the API server answered #{answer.code}" unless answer.is_a?(Net::HTTPSuccess)

    Answer.new(JSON.parse(answer.body).dig('metadata', 'labels'), now + KEPT_SECONDS)
  rescue StandardError => e
    warn "no labels of #{namespace}/#{pod}: #{e.message}"
    Answer.new(nil, now + FAILED_SECONDS)
  end
end
