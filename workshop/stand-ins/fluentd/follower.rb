# TEST DOUBLE for Fluentd: where no Fluentd can be had, this follows the same files into the same Elasticsearch by the
# rules of fluent.conf or kubernetes.conf, of which it reads the addresses, names and patterns. Proven with it: the services' lines, the ids,
# the index template, the outages, the kubelet's rotations. NOT proven: Fluentd, its plugins, its buffer. Lines are read into chunks, each sent
# until it is in, and only then is its place in the files put down: killed at any moment, it sends again what it may have
# sent, and the ids keep that from doubling. What a container runtime frames is in cri.rb, what the API server knows in pods.rb.
require 'json'
require 'net/http'
require 'socket'
require 'time'
require 'zlib'
require_relative 'cri'
require_relative 'pods'

def read_conf(file) = File.read(file).gsub(/^@include (\S+)$/) { read_conf(File.join(File.dirname(file), Regexp.last_match(1))) }

CONF_FILE = ARGV[0] || File.join('/fluentd/etc', ENV.fetch('FLUENTD_CONF'))
CONF = read_conf(CONF_FILE)
# A parameter that only some configurations have.
def conf?(name) = CONF[/^\s*#{name}\s+(\S.*)$/, 1]
def conf(name) = conf?(name)&.split&.first || abort("#{CONF_FILE} names no #{name}")

PATHS = conf('path').split(',')
EXCLUDED = JSON.parse(conf?('exclude_path') || '[]')
PLACES = conf('pos_file')
INDEX = conf('index_name')
REJECTS = File.join(File.dirname(PLACES), 'rejected-lines.log')
SERVER = [conf('host'), conf('port').to_i]
# A record accessor, $['event.id'], of a flat key.
ID = conf('id_key')[/\A\$\['(.+)'\]\z/, 1] || abort('expected id_key to be a record accessor')
BATCH_BYTES = conf('chunk_limit_size').to_i * 1024 * 1024
METRICS_PORT = CONF[/bind 0\.0\.0\.0\n\s+port (\d+)/, 1].to_i
LONGEST_PAUSE = conf('retry_max_interval').to_i
FLUSH_SECONDS = conf('flush_interval').to_i
SLOW_SECONDS = 20 # Fluentd's slow_flush_log_threshold, where fluent.conf sets none.
MOST_CHUNKS = conf('queued_chunks_limit_size').to_i
# In the cluster the lines are a container runtime's.
FRAMES = conf?('use_partial_cri_logtag') && Cri.new(CONF, Pods.new(ENV.to_h))

$places = File.exist?(PLACES) ? JSON.parse(File.read(PLACES)) : {}
$read = $places.dup # How far each file was read; $places says how far it is in.
$handles = {}
$parsed = Hash.new(0)
$count = { rejected: 0, taken: 0, retries: 0, slow: 0 }
$bytes = { read: 0, in: 0 } # Each counted by one thread; the difference waits.
$sending = false

# A list of documents, and the places in the files after them.
Chunk = Struct.new(:documents, :places, :bytes)
$queue = Thread::SizedQueue.new(MOST_CHUNKS)

# ── Follow: files by inode, rotated ones too; whole lines only ───────────────────────────────────────────────
# The oldest first: a line may begin in a renamed file and end in the next.
def open_files
  found = (PATHS.flat_map { |pattern| Dir.glob(pattern) } - EXCLUDED.flat_map { |pattern| Dir.glob(pattern) }).filter_map do |path|
    [path, File.stat(path)]
  rescue Errno::ENOENT
    next # Rotated between the look and the opening; the next look finds it under its new name.
  end
  found.sort_by { |_, stat| stat.mtime }.each do |path, stat|
    handle = $handles[stat.ino.to_s] || follow_file(path, stat)
    $handles[stat.ino.to_s] = handle if handle
  rescue Errno::ENOENT
    next # As above.
  end
end

# Opens what the path names now, or nothing where that is another file than before.
def follow_file(path, stat)
  file = File.open(path, 'rb')
  return [path, file, FRAMES && FRAMES.origin(path)] if file.stat.ino == stat.ino

  file.close
  nil
end

# Lines of one file, each with the place where it begins, and the place after the last of them.
def read_lines(inode, file, limit)
  place = $read.fetch(inode, 0)
  place = 0 if file.size < place # Another file with an inode that was free again.
  file.seek(place)
  data = file.read(limit) || ''
  finish = data.rindex("\n")
  return [[], place] unless finish

  start = place
  lines = data[0..finish].each_line(chomp: false).map do |line|
    start += line.bytesize
    [start - line.bytesize, line.chomp]
  end
  [lines.reject { |_, line| line.empty? }, place + finish + 1]
end

# Adds to a chunk what there is, until it is full.
def fill(chunk)
  open_files
  $handles.each do |inode, handle|
    room = BATCH_BYTES - chunk.bytes
    break if room <= 0

    path, file, origin = handle
    lines, place = read_lines(inode, file, room)
    more = [place - $read.fetch(inode, 0), 0].max
    chunk.bytes += more
    $bytes[:read] += more
    $read[inode] = place
    documents = lines.filter_map { |start, line| FRAMES ? framed(inode, start, origin, line) : document({ 'log.file.path' => path }, text_of(line)) }
    chunk.documents.concat(documents)
    $count[:taken] += documents.size
    # Nobody could read a deleted file again, so all of it has to be in.
    forget(inode, file) if lines.empty? && chunk.bytes.zero? && idle? && file.stat.nlink.zero?
    # What is left of this file comes before what is in a newer one.
    break if more.positive? && file.size > place && chunk.bytes >= BATCH_BYTES / 2
  end
  chunk.places.merge!($handles.keys.to_h { |inode| [inode, safe_place(inode)] })
end

# A line of which parts are missing is read again by whoever comes after a kill.
def safe_place(inode) = (FRAMES && FRAMES.unfinished_since(inode)) || $read.fetch(inode, 0)

# The document of a line that is whole with this part; nothing while parts are missing.
def framed(inode, start, origin, line)
  fields, text = FRAMES.take(inode, start, origin, line)
  document(fields, text_of(text)) if text
end

# Not before parts are together: the runtime cuts within a character, too.
def text_of(bytes) = bytes.force_encoding('UTF-8').scrub

def idle? = $queue.empty? && !$sending

def forget(inode, file)
  file.close
  $handles.delete(inode)
  $read.delete(inode)
end

# Cut as Fluentd cuts them: full, or as old as flush_interval; and at once where nothing waits. Where as many as are allowed wait,
# following waits with them.
def follow
  loop do
    chunk = Chunk.new([], {}, 0)
    began = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    loop do
      fill(chunk)
      old = Process.clock_gettime(Process::CLOCK_MONOTONIC) - began >= FLUSH_SECONDS
      break if chunk.bytes >= BATCH_BYTES / 2 || (chunk.bytes.positive? && (idle? || old))

      sleep 1
    end
    $queue << chunk
  end
end

# ── Parse: a JSON object a line, its file, its id, the index of its day; or none of that ─────────────────────
def document(fields, line)
  parsed = JSON.parse(line)
  raise JSON::ParserError unless parsed.is_a?(Hash)

  record = fields.merge(parsed)
  day = Time.iso8601(record.fetch('@timestamp')).utc
  instance, sequence = record.values_at('service.instance.id', 'event.sequence')
  record[ID] = instance && sequence ? "#{instance}-#{sequence}" : "unnumbered-#{Zlib.crc32(record.to_json)}"
  $parsed[[record['service.name'], record['log.level']]] += 1
  { index: day.strftime(INDEX), id: record[ID], body: record.to_json }
rescue JSON::ParserError, KeyError, ArgumentError, TypeError => e
  reject(line, e.message)
  nil
end

def reject(line, reason)
  $count[:rejected] += 1
  File.open(REJECTS, 'a') { |file| file.puts({ 'event.original' => line, 'reason' => reason[0, 300] }.to_json) }
end

# ── Index: create by id; 409 is there already, 400 never will be, the rest is sent again ─────────────────────
def send_once(documents)
  body = documents.map { |d| "#{{ create: { _index: d[:index], _id: d[:id] } }.to_json}\n#{d[:body]}\n" }.join
  answer = Net::HTTP.start(*SERVER, open_timeout: 5, read_timeout: 30) do |http|
    http.post('/_bulk', body, 'content-type' => 'application/x-ndjson')
  end
  raise "Elasticsearch answered #{answer.code}" unless answer.is_a?(Net::HTTPSuccess)

  JSON.parse(answer.body).fetch('items').zip(documents).select do |item, sent|
    status = item.fetch('create').fetch('status')
    reject(sent[:body], item['create']['error'].to_json) if status == 400
    status >= 300 && ![400, 409].include?(status)
  end.map(&:last)
end

def send_until_in(documents)
  pause = 1
  until documents.empty?
    begin
      documents = send_once(documents)
      break if documents.empty?

      warn "#{documents.size} lines refused for now"
    rescue StandardError => e
      warn "not sent, again in #{pause} s: #{e.message}"
    end
    $count[:retries] += 1
    sleep pause
    pause = [pause * 2, LONGEST_PAUSE].min
  end
end

def put_down(places)
  $places.merge!(places)
  # A file that is gone and was read to its end is nobody's any more.
  $places.delete_if { |inode, _| !$read.key?(inode) }
  File.write("#{PLACES}.new", $places.to_json)
  File.rename("#{PLACES}.new", PLACES)
end

def send_in_turn
  loop do
    chunk = $queue.pop
    $sending = true
    began = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    send_until_in(chunk.documents)
    $count[:slow] += 1 if Process.clock_gettime(Process::CLOCK_MONOTONIC) - began > SLOW_SECONDS
    put_down(chunk.places)
    $bytes[:in] += chunk.bytes
    $sending = false
    chunk = nil
    GC.start # Ruby would rather grow, up to the container's limit.
  end
end

# ── Its own metrics, under Fluentd's names ───────────────────────────────────────────────────────────────────
def metrics
  # Copies: to add to a hash while another thread walks through it is an error.
  lines = $parsed.to_a.map { |(service, level), n| %(fluentd_records_parsed_total{service="#{service}",level="#{level}"} #{n}) }
  output = 'plugin_id="elasticsearch",type="elasticsearch"'
  lines << "fluentd_records_rejected_total #{$count[:rejected]}"
  lines << "fluentd_output_status_emit_records{#{output}} #{$count[:taken]}"
  lines << "fluentd_output_status_retry_count{#{output}} #{$count[:retries]}"
  lines << "fluentd_output_status_buffer_queue_length{#{output}} #{$queue.size + ($sending ? 1 : 0)}"
  waiting = $bytes[:read] - $bytes[:in]
  lines << "fluentd_output_status_buffer_total_bytes{#{output}} #{waiting}"
  room = MOST_CHUNKS * BATCH_BYTES
  lines << "fluentd_output_status_buffer_available_space_ratio{#{output}} #{(100.0 * [room - waiting, 0].max / room).round(1)}"
  lines << "fluentd_output_status_slow_flush_count{#{output}} #{$count[:slow]}"
  lines += $handles.to_a.map do |inode, (path, _)|
    %(fluentd_tail_file_position{path="#{path}",plugin_id="services",type="tail"} #{$read.fetch(inode, 0)})
  end
  "#{lines.join("\n")}\n"
end

Thread.new do
  server = TCPServer.new('0.0.0.0', METRICS_PORT)
  loop do
    client = server.accept
    client.gets
    body = metrics
    client.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\nContent-Length: #{body.bytesize}\r\nConnection: close\r\n\r\n#{body}")
  rescue SystemCallError
    next # Whoever asked went away.
  ensure
    client&.close
  end
end

Signal.trap('TERM') { exit }
$stderr.sync = true
warn "test double of Fluentd: following by #{CONF_FILE}"
# Whatever ends one of them ends the program, which is then started again.
Thread.abort_on_exception = true
Thread.new { send_in_turn }
follow
