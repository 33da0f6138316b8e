# Takes off the frame that a container runtime (CRI) puts around each line, puts parts of a long line together, and says which container wrote
# it: by the patterns of kubernetes.conf. Owns the lines of which parts are missing; the files they come from are follower.rb's.
class Cri
  # A line of which parts are missing, and where its first part begins.
  Unfinished = Struct.new(:text, :inode, :start)

  def initialize(conf, pods)
    @frame = Regexp.new(conf[%r{^\s*expression /(.+)/$}, 1])
    @origin = Regexp.new(conf[/%r<(.+)>\)\.named_captures/, 1])
    @pods = pods
    @unfinished = {}
  end

  # The namespace, pod, uid and container of a file, by its path or by the one that it links to.
  def origin(path)
    target = File.symlink?(path) ? File.readlink(path) : path
    (@origin.match(target) || @origin.match(path)).named_captures
  end

  # The fields and the text of a line that is whole with this part; nothing while parts are missing.
  def take(inode, start, origin, line)
    frame = @frame.match(line)
    return [fields(origin), "no CRI line: #{line}"] unless frame

    speaker = [*origin.values_at('namespace', 'pod', 'container'), frame[:stream]]
    unfinished = @unfinished[speaker] ||= Unfinished.new(String.new, inode, start)
    unfinished.text << frame[:log]
    return unless frame[:logtag].start_with?('F')

    @unfinished.delete(speaker)
    [fields(origin), as_json(unfinished.text, frame, origin)]
  end

  # The place in a file where the first line begins of which parts are missing; nothing where there is none.
  def unfinished_since(inode) = @unfinished.values.filter_map { |each| each.start if each.inode == inode }.min

  private

  # A line that is no JSON becomes one.
  def as_json(text, frame, origin)
    return text if text.start_with?('{')

    level = frame[:stream] == 'stderr' ? 'error' : 'info'
    { '@timestamp' => frame[:at], 'log.level' => level, 'message' => text.force_encoding('UTF-8').scrub, 'service.name' => origin['container'] }.to_json
  end

  def fields(origin)
    {
      'orchestrator.type' => 'kubernetes',
      'kubernetes.namespace' => origin['namespace'],
      'kubernetes.pod.name' => origin['pod'],
      'kubernetes.pod.uid' => origin['uid'],
      'kubernetes.container.name' => origin['container'],
      'kubernetes.node.name' => ENV.fetch('K8S_NODE_NAME', ''),
      'kubernetes.labels' => @pods.labels(origin['namespace'], origin['pod'])
    }
  end
end
