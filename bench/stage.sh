# stage.sh — what the parts of bench/run play on: the machine, simulated cameras, a server. Sourced by bench/run.
# shellcheck shell=bash disable=SC2154

say() { printf 'bench: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

# ---- the machine ----

load_json() { awk '{ print "[" $1 "," $2 "," $3 "]" }' /proc/loadavg; }

processor() { sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -1; }
has_sha() { grep -qw sha_ni /proc/cpuinfo && echo true || echo false; }

# "disk" or "ssd" as the kernel tells it; virtual disks say what their host lets them.
disk_kind() {
    local device rotational
    device=$(basename "$(readlink -f "$(df --output=source "$work" | tail -1)")")
    rotational=$(cat "/sys/block/$device/queue/rotational" "/sys/block/${device%%[0-9]*}/queue/rotational" 2>/dev/null | head -1)
    printf '%s%s, %s' "$([[ $device == vd* ]] && echo 'virtual ')" "$([ "${rotational:-1}" = 0 ] && echo ssd || echo disk)" \
        "$(df --output=fstype "$work" | tail -1)"
}

machine_json() {
    jq -n --arg processor "$(processor)" --argjson sha "$(has_sha)" --argjson cores "$(nproc)" --arg kernel "$(uname -r | grep -oE "^[0-9]+\.[0-9]+")" \
        --arg disk "$(disk_kind)" --argjson memory "$(awk '/MemTotal/ { print int($2 / 1024) }' /proc/meminfo)" \
        '{processor: $processor, sha_instructions: $sha, cores: $cores, memory_mib: $memory, kernel: $kernel, disk: $disk}'
}

machine_text() { jq -r '"\(.processor), \(.cores) cores, SHA instructions \(.sha_instructions), \(.disk)"' <<<"$(machine_json)"; }
machine_class() { printf '%s-%score' "$(processor | tr 'A-Z ' 'a-z-' | tr -cd 'a-z0-9-')" "$(nproc)"; }

# ---- processes: each is ended by its number ----

# A part runs in a subshell: what it started is noted in a file, so that it is ended whatever becomes of the part.
note_process() { echo "$1" >>"$work/processes"; }

end_process() { # PID
    sed -i "/^$1\$/d" "$work/processes"
    kill "$1" 2>/dev/null || return 0
    wait "$1" 2>/dev/null || true
}

stage_clear() {
    local pid
    while read -r pid; do
        kill "$pid" 2>/dev/null && tail --pid="$pid" -f /dev/null
    done < <(tac "$work/processes" 2>/dev/null)
    [ -n "$keep" ] || rm -rf "$work"
}

wait_for() { # SECONDS, WHAT, command …
    local until=$((SECONDS + $1)) what=$2; shift 2
    until "$@"; do
        [ "$SECONDS" -lt "$until" ] || fail "waited in vain for $what"
        sleep 0.1
    done
}

# ---- simulated cameras: all H.264 main streams, no sound, no passwords ----

start_cameras() {
    rm -f "$work/sim.json" # another part's
    build/sim/vonglau-sim --cameras "$cameras" --live 0 --mix plain --port 0 --http-port 0 \
        --cache "$here/build/.dev/sim-cache" >"$work/sim.json" 2>"$work/sim.log" &
    sim=$!
    note_process "$sim"
    say "waiting for the simulated cameras (their scenes are encoded at the first run, a minute)"
    wait_for 600 "the simulated cameras" test -s "$work/sim.json"
    mapfile -t urls < <(jq -r '.cameras[].main' "$work/sim.json")
    sim_http=http://127.0.0.1:$(jq .http_port "$work/sim.json")
}

stop_cameras() { end_process "$sim"; }

# ---- a server ----

server_says() { grep -qs ' is at ' "$work/server.out"; }
ask() { curl -sk -H "Authorization: Bearer $token" "$server$1"; }
recording() { [ "$(curl -sk "$server/healthz" | jq .cameras.recording)" = "$cameras" ]; }

# Cameras of the simulator, or with "paused" some that nobody asks for pictures. YAML takes JSON. The eye is off: what
# is measured is recording, without decoding.
write_config() { # [paused]
    if [ "${1-}" = paused ]; then
        jq -n --argjson count "$cameras" \
            '{eye: {off: true}, cameras: [range($count) | {name: "camera \(. + 1)", url: "rtsp://127.0.0.1:9/\(.)", paused: true}]}'
    else
        jq '{eye: {off: true}, cameras: [.cameras[] | {name, url: .main}]}' "$work/sim.json"
    fi >"$work/config.yaml"
}

start_server() { # DATA [--tls]
    data=$1
    local plain=(--no-tls)
    [ "${2-}" != --tls ] || plain=()
    mkdir -p "$data"
    rm -f "$work/server.out"
    server_begun_us=${EPOCHREALTIME/[.,]/}
    build/vonglau serve --data "$data" --config "$work/config.yaml" --listen 127.0.0.1:0 "${plain[@]}" \
        >"$work/server.out" 2>>"$work/server.log" &
    server_pid=$!
    note_process "$server_pid"
    wait_for 30 "the server" server_says
    server=$(sed -n 's/.* is at //p' "$work/server.out")
    server_port=${server##*:}
}

# A token of the API, and the cameras' ids in the order of their names.
sign_in() {
    token=$(build/vonglau token create --role admin --purpose bench --data "$data")
    mapfile -t ids < <(ask "/api/v1/cameras?limit=200" | jq -r '.items | sort_by(.name) | .[].id')
    [ "${#ids[@]}" = "$cameras" ] || fail "the server knows ${#ids[@]} cameras instead of $cameras"
}

stop_server() { end_process "$server_pid"; }

# What stands in the footage, in bytes, as the file system tells it.
footage_bytes() { find "$data/footage" -name '*.mp4' -printf '%s\n' | awk '{ sum += $1 } END { printf "%.0f\n", sum }'; }

# What the server used in SECONDS: {"seconds","cpu_us","threads","pss_kib"}.
server_usage() { # SECONDS
    local before after
    before=$("$programs/bench-usage" "$server_pid")
    sleep "$1"
    after=$("$programs/bench-usage" "$server_pid")
    jq -n --argjson a "$before" --argjson b "$after" \
        '{seconds: (($b.wall_us - $a.wall_us) / 1e6), cpu_us: ($b.cpu_us - $a.cpu_us), pss_kib: $b.pss_kib,
          threads: ($b.threads | to_entries | map({key, value: (.value - ($a.threads[.key] // 0))} | select(.value > 0)) | from_entries)}'
}

# Viewers of live pictures. Each must have been served to the end, at 15 pictures a second, the lost ones counted.
live() {
    local told
    told=$("$programs/bench-live" --port "$server_port" --token "$token" "$@" 2>/dev/null) || fail "a viewer broke off"
    jq -e '.fewest > .seconds * 15 * 0.95 and (.server == null or .server.count > .pictures * 0.95)' >/dev/null <<<"$told" ||
        fail "not every viewer was served to the end: $told"
    printf '%s\n' "$told"
}
