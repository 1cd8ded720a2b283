# crowd.sh — the parts of bench/run with many cameras, or with much footage. Sourced by bench/run.
# The cameras are those of bench-sender, which costs next to nothing.
# shellcheck shell=bash disable=SC2154

# ---- cameras that cost little; `cameras` says how many ----

start_sender() { # COUNT
    cameras=$1
    local scene=$here/build/.dev/sim-cache/crossroads-main-h264-1.1.clip
    if [ ! -s "$scene" ]; then # the simulator makes it
        start_cameras
        stop_cameras
    fi
    rm -f "$work/sim.json" "$work/sent.json"
    "$programs/bench-sender" "$cameras" "$scene" "$work/sent.json" >"$work/sim.json" &
    sender=$!
    note_process "$sender"
    wait_for 10 "the cameras" test -s "$work/sim.json"
    mapfile -t urls < <(jq -r '.cameras[].main' "$work/sim.json")
}

stop_sender() { end_process "$sender"; }

# ---- many: what a camera costs beside others, and whether all of their pictures are there ----

# What processes used in the span: {"seconds","cpu_us","pss_kib"}.
usage_of() { # SECONDS PID …
    local seconds=$1 before after; shift
    before=$(for pid in "$@"; do "$programs/bench-usage" "$pid"; done | jq -cs .)
    sleep "$seconds"
    after=$(for pid in "$@"; do "$programs/bench-usage" "$pid"; done | jq -cs .)
    jq -n --argjson a "$before" --argjson b "$after" \
        '{seconds: (([$b[].wall_us] | add) - ([$a[].wall_us] | add)) | (. / ($a | length) / 1e6),
          cpu_us: (([$b[].cpu_us] | add) - ([$a[].cpu_us] | add)), pss_kib: ([$b[].pss_kib] | add)}'
}

end_all() { for pid in "$@"; do end_process "$pid"; done; }

many_floor() {
    mkdir -p "$work/floor"
    "$programs/bench-floor" "$span" "$work/floor" "${urls[@]}"
    rm -rf "$work/floor"
}

many_server() {
    local used
    start_server "$work/many"
    wait_for 60 "all cameras to be recorded" recording
    sleep 6 # the first seconds are read packet by packet
    used=$(server_usage "$span")
    stop_server
    printf '%s\n' "$used"
}

# One process a camera, as people run it.
many_ffmpeg() {
    local pids=() i
    mkdir -p "$work/ffmpeg"
    for i in "${!urls[@]}"; do
        ffmpeg -nostdin -v error -rtsp_transport tcp -i "${urls[i]}" -c copy -f mp4 -movflags frag_keyframe+empty_moov \
            "$work/ffmpeg/$i.mp4" >>"$work/ffmpeg.log" 2>&1 &
        pids+=($!)
        note_process $!
    done
    sleep $((10 + cameras / 20)) # each looks at its stream first
    usage_of "$span" "${pids[@]}"
    end_all "${pids[@]}"
    rm -rf "$work/ffmpeg"
}

# Only where somebody has put it into the PATH.
many_mediamtx() {
    command -v mediamtx >/dev/null || { echo null; return; }
    jq '{rtmp: false, hls: false, webrtc: false, srt: false, rtsp: false, logLevel: "error",
         pathDefaults: {record: true, recordPath: $folder, recordFormat: "fmp4", rtspTransport: "tcp"},
         paths: (.cameras | map({key: .name, value: {source: .main}}) | from_entries)}' \
        --arg folder "$work/mediamtx/%path/%Y-%m-%d_%H-%M-%S-%f" "$work/sim.json" >"$work/mediamtx.yml"
    mediamtx "$work/mediamtx.yml" >>"$work/mediamtx.log" 2>&1 &
    local pid=$!
    note_process "$pid"
    sleep 10
    usage_of "$span" "$pid"
    end_process "$pid"
    [ -n "$(find "$work/mediamtx" -name '*.mp4' -size +100k -print -quit)" ] || fail "mediamtx recorded nothing"
    rm -rf "$work/mediamtx"
}

many_round() { # CAMERAS
    local floor server ffmpeg mediamtx counted
    start_sender "$1"
    write_config
    say "many: $1 cameras: floor, server, ffmpeg$(command -v mediamtx >/dev/null && echo , mediamtx); $span s each"
    floor=$(many_floor)
    server=$(many_server)
    stop_sender # before the peers ask: what it notes is what the server was sent
    counted=$("$programs/bench-count" "$work/many" "$work/sent.json")
    rm -rf "$work/many"
    start_sender "$1"
    ffmpeg=$(many_ffmpeg)
    mediamtx=$(many_mediamtx)
    stop_sender
    jq -n --argjson cameras "$1" --argjson floor "$floor" --argjson server "$server" --argjson ffmpeg "$ffmpeg" \
        --argjson mediamtx "$mediamtx" --argjson counted "$counted" '
        def each: if . != null then .cpu_us / .seconds / 1e4 / $cameras else null end;
        def mib: if . != null then .pss_kib / 1024 | . * 10 | round / 10 else null end;
        {cameras: $cameras, floor_percent: ($floor | each), percent: ($server | each), ffmpeg_percent: ($ffmpeg | each),
         mediamtx_percent: ($mediamtx | each), pss_mib: ($server | mib), ffmpeg_pss_mib: ($ffmpeg | mib), mediamtx_pss_mib: ($mediamtx | mib),
         threads_us: $server.threads, counted: $counted}
        | .ratio = (.percent / .floor_percent * 100 | round / 100)'
}

part_many() {
    local count
    for count in 1 32 100 200; do many_round "$count"; done | jq -s '
        def rounded: . * 1e4 | round / 1e4;
        {by_cameras: ., missing: (map(.counted.missing) | add), pictures: (map(.counted.pictures) | add),
         asked: {pss_mib_200: 150, more_than_at_32: 1.0}} |
        (.by_cameras | map(select(.cameras == 32))[0]) as $some | (.by_cameras | map(select(.cameras == 200))[0]) as $most |
        .more_than_at_32 = ($most.percent / $some.percent * 100 | round / 100) |
        .outcome = "200 cameras: \($most.percent | rounded) % of a core each, \(.more_than_at_32) × what it is at 32 (asked ≤ 1), \($most.ratio) × the floor; "
            + "\($most.pss_mib) MiB (≤ 150); missing \(.missing) of \(.pictures) pictures"'
    cameras=32
}

# ---- crowd: from the start of the server to all of 200 cameras recorded ----

part_crowd() {
    start_sender 200
    write_config
    start_server "$work/crowd" # makes the cameras known
    wait_for 60 "all cameras to be recorded" recording
    stop_server
    sleep 3
    start_server "$work/crowd"
    wait_for 60 "all cameras to be recorded" recording
    stop_server
    stop_sender
    jq --argjson begun "$server_begun_us" '
        def ms: . / 10 | round / 100;
        {cameras: length, playing_ms: (map(.first_us) | max - $begun | ms), recorded_ms: (map(.first_key_us) | max - $begun | ms),
         key_wait_ms: (map(.first_key_us - .first_us) | max | ms), asked: {playing_ms: 1500}} |
        .outcome = "all \(.cameras) play \(.playing_ms | round) ms after the start of the server (asked ≤ 1500), the last is recorded after "
            + "\(.recorded_ms | round) ms; the longest wait for a key picture is \(.key_wait_ms | round) ms"' "$work/sent.json"
    rm -rf "$work/crowd"
    cameras=32
}

# ---- streams: main and sub stream of each camera recorded ----

part_streams() {
    local used
    start_cameras
    jq '{eye: {off: true}, cameras: [.cameras[] | {name, url: .main, sub_url: .sub, record_sub: true}]}' "$work/sim.json" >"$work/config.yaml"
    start_server "$work/streams"
    wait_for 60 "all cameras to be recorded" recording
    sleep 6
    used=$(server_usage "$span")
    [ "$(find "$data/footage" -name '*-sub*.mp4' | wc -l)" -ge "$cameras" ] || fail "not all sub streams are recorded"
    stop_server
    stop_cameras
    rm -rf "$work/streams"
    jq -n --argjson used "$used" --argjson cameras "$cameras" '
        {streams: ($cameras * 2), percent: ($used.cpu_us / $used.seconds / 1e4 | . * 100 | round / 100), pss_mib: ($used.pss_kib / 1024 | . * 10 | round / 10),
         threads_us: $used.threads, asked: {percent: 6, pss_mib: 64}} |
        .outcome = "\(.streams) streams of \($cameras) cameras: \(.percent) % of one core (asked ≤ 6), \(.pss_mib) MiB (≤ 64)"'
}

# ---- disk: what 64 streams ask of it ----

disk_device() { # the name in /proc/diskstats of the disk that `work` is on
    local device
    device=$(basename "$(readlink -f "$(df --output=source "$work" | tail -1)")")
    grep -qw "$device" /proc/diskstats || fail "$work is on no disk of /proc/diskstats"
    echo "$device"
}

# Writes, bytes written, flushes, and milliseconds that the disk was busy, since its start.
disk_counts() { # DEVICE
    awk -v device="$1" '$3 == device { printf "{\"writes\": %d, \"bytes\": %.0f, \"flushes\": %d, \"busy_ms\": %d}\n", $8, $10 * 512, $19, $13 }' /proc/diskstats
}

part_disk() {
    local device idle_a idle_b a b before grown
    device=$(disk_device)
    start_sender 64
    write_config
    sync
    idle_a=$(disk_counts "$device")
    sleep 10
    idle_b=$(disk_counts "$device")
    start_server "$work/disk"
    wait_for 60 "all cameras to be recorded" recording
    sleep 6
    before=$(footage_bytes)
    a=$(disk_counts "$device")
    sleep "$span"
    b=$(disk_counts "$device")
    grown=$(($(footage_bytes) - before))
    stop_server
    stop_sender
    rm -rf "$work/disk"
    jq -n --argjson a "$a" --argjson b "$b" --argjson i "$idle_a" --argjson j "$idle_b" --argjson span "$span" --argjson grown "$grown" '
        def tenths: . * 10 | round / 10;
        def rate($name): ((($b[$name] - $a[$name]) / $span) | tenths);
        {streams: 64, footage_mb_s: ($grown / $span / 1e6 | tenths), writes_s: rate("writes"), flushes_s: rate("flushes"),
         written_mb_s: (rate("bytes") / 1e6 | tenths), busy_percent: (rate("busy_ms") / 10 | tenths),
         idle_writes_s: (($j.writes - $i.writes) / 10 | tenths)} |
        .outcome = "\(.streams) streams, \(.footage_mb_s) MB of footage a second: \(.writes_s) writes, \(.flushes_s) flushes, \(.written_mb_s) MB a second on the disk, "
            + "busy \(.busy_percent) % (idle before: \(.idle_writes_s) writes a second)"'
    cameras=32
}

# ---- long: 1.4 million segments in the catalog ----

part_long() {
    local made query id i
    start_sender 32
    jq '{eye: {off: true}, retention: {days: 400}, cameras: [.cameras[] | {name, url: .main}]}' "$work/sim.json" >"$work/config.yaml"
    start_server "$work/long" # makes the cameras known
    wait_for 60 "all cameras to be recorded" recording
    stop_server
    say "long: making 152 days of $cameras cameras"
    made=$("$programs/bench-make" long "$work/long")
    sync
    start_server "$work/long"
    wait_for 60 "all cameras to be recorded" recording
    sign_in
    query="from=$(date -u -d '-30 days' +%FT00:00:00Z)&to=$(date -u +%FT00:00:00Z)"
    for id in "${ids[@]}"; do ask "/api/v1/cameras/$id/coverage?$query" | jq -e '.spans | length > 290' >/dev/null || fail "coverage lacks spans"; done
    for i in $(seq $((rounds * 10))); do ask_coverage "$query"; done | jq -R 'split(" ") | map(tonumber)' | jq -s . >"$work/asked.json"
    stop_server
    stop_sender
    jq -n --argjson begun "$server_begun_us" --argjson segments "$(jq .segments <<<"$made")" --slurpfile sent "$work/sent.json" --slurpfile asked "$work/asked.json" '
        def at($percent): sort | .[((length * $percent + 99) / 100 | floor) - 1];
        if $asked[0] | map(.[1]) | unique != [200] then error("not all answers are 200") else . end |
        {segments: $segments, playing_ms: ($sent[0] | map(.first_us) | max - $begun | . / 1000 | round), asks: ($asked[0] | length),
         coverage_p99_ms: ($asked[0] | map(.[0] * 1000) | at(99) | . * 100 | round / 100), asked: {playing_ms: 1000, coverage_p99_ms: 5}} |
        .outcome = "\(.segments) segments: all 32 cameras play \(.playing_ms) ms after the start of the server (asked ≤ 1000); coverage of 30 days p99 \(.coverage_p99_ms) ms (≤ 5)"'
    rm -rf "$work/long"
}
