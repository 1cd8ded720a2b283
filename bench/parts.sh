# parts.sh — the parts of bench/run: each prints one JSON object, whose "outcome" is its line for people. Sourced by bench/run.
# shellcheck shell=bash disable=SC2154

# ---- record: processor time and memory of recording, against bench/floor ----

# One round: the floor, then the server with nobody watching, then with a viewer a camera, each for the same span.
record_round() { # NUMBER
    local floor unwatched watched viewers before recorded
    say "record: round $1 of $rounds: floor, server, server with $cameras viewers; $span s each"
    mkdir -p "$work/floor"
    floor=$("$programs/bench-floor" "$span" "$work/floor" "${urls[@]}")
    rm -rf "$work/floor"
    start_server "$work/record-$1"
    wait_for 30 "all cameras to be recorded" recording
    sign_in
    sleep 6 # the first seconds are read packet by packet
    before=$(footage_bytes)
    unwatched=$(server_usage "$span")
    recorded=$(($(footage_bytes) - before))
    # Footage is written about once a second; but for that the bytes must be those that the floor wrote.
    jq -e --argjson recorded "$recorded" '$recorded / .bytes > 0.85 and $recorded / .bytes < 1.15' >/dev/null <<<"$floor" ||
        fail "the server wrote $recorded bytes of footage while the floor wrote $(jq .bytes <<<"$floor")"
    live --seconds $((span + 4)) --viewers "$cameras" "${ids[@]}" >"$work/viewers.json" &
    viewers=$!
    sleep 5
    watched=$(server_usage "$span")
    wait "$viewers" || fail "the viewers were not served"
    stop_server
    rm -rf "$work/record-$1"
    jq -n --argjson floor "$floor" --argjson unwatched "$unwatched" --argjson watched "$watched" \
        --argjson viewers "$(cat "$work/viewers.json")" --argjson recorded "$recorded" '
        def percent: .cpu_us / .seconds / 1e4;
        {floor_percent: ($floor | percent), unwatched_percent: ($unwatched | percent), watched_all_percent: ($watched | percent),
         viewers_percent: ($watched.threads.http / $watched.seconds / 1e4),
         watched_percent: (($watched | percent) - $watched.threads.http / $watched.seconds / 1e4),
         mbit_s: ($floor.bytes * 8 / $floor.seconds / $floor.cameras / 1e6), lost_by_viewers: $viewers.lost,
         pss_mib: ($unwatched.pss_kib / 1024), threads_unwatched_us: $unwatched.threads, threads_watched_us: $watched.threads,
         recorded_of_floor_bytes: ($recorded / $floor.bytes), seconds: $unwatched.seconds} | .ratio = .unwatched_percent / .floor_percent | .ratio_watched = .watched_percent / .floor_percent'
}

part_record() {
    local i
    start_cameras
    write_config
    for i in $(seq "$rounds"); do record_round "$i"; done | jq -s --argjson cameras "$cameras" '
        def median: sort | .[length / 2 | floor];
        def figure($name; $digits): (map(.[$name]) | median) * pow(10; $digits) | round / pow(10; $digits);
        {cameras: $cameras, mbit_s_a_camera: figure("mbit_s"; 2), rounds: .,
         floor_percent_a_camera: (figure("floor_percent"; 4) / $cameras), percent_a_camera: (figure("unwatched_percent"; 4) / $cameras),
         percent_a_camera_watched: (figure("watched_percent"; 4) / $cameras),
         ratio: figure("ratio"; 2), ratio_watched: figure("ratio_watched"; 2), pss_mib: figure("pss_mib"; 1),
         asked: {ratio: 1.4, goal: 0.7, goal_watched: 1.2, pss_mib: 64}} |
        .outcome = "\(.ratio) × the floor unwatched, \(.ratio_watched) × watched (asked ≤ 1.4; goals 0.7, 1.2); "
            + "\(.percent_a_camera * 1e4 | round / 1e4) % of a core a camera of \(.mbit_s_a_camera) Mbit/s; \(.pss_mib) MiB (≤ 64)"'
    stop_cameras
}

# ---- start: from the start of the server to all cameras recorded, but for the wait for a key picture ----

# When the simulator sent the first picture of a camera to the server, and the first key picture. None may have been sent
# just before: it would still have been playing to the server of before.
first_sent() { # NAME
    curl -s "$sim_http/sent?camera=$1&stream=main&from_us=$((server_begun_us - 1000000))" | jq -c --argjson begun "$server_begun_us" \
        '(if type == "array" then . else (.pictures // .sent) end) |
         if .[0].sent_us < $begun then error("a camera still played when the server was started") else . end |
         {any_us: .[0].sent_us, key_us: (map(select(.key)) | .[0].sent_us)}'
}

first_recorded_us() { # ID
    ask "/api/v1/cameras/$1/coverage?from=$(date -u -d "@${server_begun_us:0:10}" +%FT%TZ)&to=$(date -u -d '+1 minute' +%FT%TZ)" |
        jq '.spans[0].from | (.[0:19] + "Z" | fromdateiso8601) * 1000000 + (.[20:23] | tonumber) * 1000'
}

part_start() {
    local i
    start_cameras
    write_config
    start_server "$work/start" # makes the cameras known: what counts is the start of a server that has them
    wait_for 30 "all cameras to be recorded" recording
    stop_server
    sleep 3 # until the simulator has let the streams go
    start_server "$work/start"
    wait_for 30 "all cameras to be recorded" recording
    sign_in
    sleep 8 # until what was recorded first is shown
    for i in $(seq 0 $((cameras - 1))); do
        jq -n --argjson sent "$(first_sent "$(printf 'cam%02d' $((i + 1)))")" --argjson recorded "$(first_recorded_us "${ids[i]}")" \
            '$sent + {recorded_us: $recorded}'
    done | jq -s --argjson begun "$server_begun_us" --argjson cameras "$cameras" '
        def ms: . / 10 | round / 100;
        {cameras: $cameras,
         playing_ms: (map(.any_us) | max - $begun | ms), recorded_ms: (map(.key_us) | max - $begun | ms),
         key_wait_ms: (map(.key_us - .any_us) | max | ms),
         first_recorded_late_ms: (map(.recorded_us - .key_us) | max | ms),
         first_key_missed: (map(select(.recorded_us - .key_us > 500000)) | length)} |
        .outcome = "all \($cameras) play \(.playing_ms | round) ms after the start of the server (later goal ≤ 500), recorded after \(.recorded_ms | round) ms, "
            + "the longest wait for a key picture being \(.key_wait_ms | round) ms; first key picture not recorded: \(.first_key_missed)"'
    stop_server
    stop_cameras
}

# ---- live: age of a picture when a viewer has it ----

# One viewer measures, beside LOAD viewers of a second process on CAMERAS.
live_beside() { # LOAD [--tls] CAMERA …
    local load=$1 pid tls=(); shift
    if [ "$1" = --tls ]; then tls=(--tls); shift; fi
    live --seconds $((span + 4)) --viewers "$load" "${tls[@]}" "$@" >"$work/load.json" &
    pid=$!
    sleep 5
    live --seconds $((span - 4)) "${tls[@]}" --direct "${urls[0]}" "${ids[0]}" >"$work/one.json"
    wait "$pid" || fail "the other viewers were not served"
    jq -n --argjson one "$(cat "$work/one.json")" --argjson load "$(cat "$work/load.json")" '{one: $one, load: $load}'
}

part_live() {
    local alone same spread tls fan
    start_cameras
    write_config
    start_server "$work/live"
    wait_for 30 "all cameras to be recorded" recording
    sign_in
    say "live: one viewer alone, $span s"
    alone=$(live --seconds "$span" --direct "${urls[0]}" "${ids[0]}")
    say "live: one viewer beside 200 of the same camera, $span s"
    same=$(live_beside 200 "${ids[0]}")
    say "live: one viewer beside 200 spread over $cameras cameras, $span s"
    spread=$(live_beside 200 "${ids[@]}")
    stop_server
    start_server "$work/live" --tls
    wait_for 30 "all cameras to be recorded" recording
    sign_in
    say "live: one viewer beside ten of each of the $cameras cameras, by TLS, $span s"
    tls=$(live_beside $((10 * cameras)) --tls "${ids[@]}")
    stop_server
    stop_cameras
    say "live: one send of each such picture to 201 sockets, $span s"
    fan=$("$programs/bench-fan" 201 "$(jq '.load | (.bytes - .key_bytes) / (.pictures - .keys) | round' <<<"$same")" "$span" \
        "$(jq '.load | .key_bytes / .keys | round' <<<"$same")")
    jq -n --argjson alone "$alone" --argjson same "$same" --argjson spread "$spread" --argjson tls "$tls" --argjson fan "$fan" '
        def ms: . / 10 | round / 100;
        {alone: $alone, beside_200_of_the_camera: $same, beside_200_spread: $spread, beside_10_of_each_by_tls: $tls, fan_to_201: $fan,
         asked: {p99_us_alone: 3000, goal_alone: 1000, goal_beside_200: 5000}} |
        .outcome = "alone, from sent_us: p50 \($alone.read.p50_us | ms), p99 \($alone.read.p99_us | ms), max \($alone.read.max_us | ms) ms (asked p99 ≤ 3); "
            + "server\u0027s part p50 \($alone.server.p50_us | ms), p99 \($alone.server.p99_us | ms) ms (later ≤ 1); "
            + "beside 200 of the same camera p99 \($same.one.server.p99_us | ms) (the floor of it \($fan.late.p99_us | ms)), spread \($spread.one.server.p99_us | ms), beside \($tls.load.viewers) by TLS \($tls.one.server.p99_us | ms) ms (later ≤ 5); "
            + "lost \($alone.lost + $same.one.lost + $same.load.lost + $spread.one.lost + $spread.load.lost + $tls.one.lost + $tls.load.lost)"'
}

# ---- browser: age of a picture at the player's canvas in Chromium ----

# The browser's test of it, which reads from the canvas the time that the camera drew into each picture.
browser_age() { # → {pictures, median_ms, p90_ms}
    PATH=$PWD/web/node_modules/.bin:$PATH NODE_PATH=$PWD/web/node_modules \
        node --test --test-reporter=spec --test-name-pattern='one camera shows pictures' tests/e2e/app.test.mjs >"$work/browser.log" 2>&1 ||
        { cat "$work/browser.log" >&2; fail "the browser's test failed"; }
    sed -nE 's/.*# pictures ([0-9]+), age: median ([0-9]+) ms, 90 % ([0-9]+) ms.*/{"pictures": \1, "median_ms": \2, "p90_ms": \3}/p' "$work/browser.log" |
        grep . || fail "the browser's test told no age"
}

part_browser() {
    local i
    for i in $(seq "$rounds"); do
        say "browser: round $i of $rounds: the demo of $cameras cameras, one of them open in Chromium for 5 s"
        browser_age
    done | jq -s --argjson rounds "$rounds" '
        if length != $rounds then error("a round is missing") else . end |
        {rounds: ., pictures: (map(.pictures) | add), median_ms: (map(.median_ms) | sort | .[length / 2 | floor]), worst_median_ms: (map(.median_ms) | max),
         p90_ms: (map(.p90_ms) | max), asked: {median_ms: 400}} |
        .outcome = "at the canvas, from sent_us: median \(.median_ms) ms (rounds up to \(.worst_median_ms)), 90 % within \(.p90_ms) ms (asked ≤ 400)"'
}

# ---- viewer: what one more viewer costs, against bench/fan ----

# The same 100 viewers on one camera; the server's use minus its use without them.
viewer_cost() { # LABEL [--tls]
    local pid without with
    start_server "$work/viewer-$1" ${2+"$2"}
    wait_for 30 "all cameras to be recorded" recording
    sign_in
    sleep 6
    say "viewer: $1: without, then with 100 viewers, $span s each"
    without=$(server_usage "$span")
    live --seconds $((span + 4)) --viewers 100 ${2+"$2"} "${ids[0]}" >"$work/viewers.json" &
    pid=$!
    sleep 5
    with=$(server_usage "$span")
    wait "$pid" || fail "the viewers were not served"
    stop_server
    rm -rf "$work/viewer-$1"
    jq -n --argjson without "$without" --argjson with "$with" --argjson viewers "$(cat "$work/viewers.json")" '
        {percent_a_viewer: (($with.cpu_us / $with.seconds - $without.cpu_us / $without.seconds) / 1e4 / $viewers.viewers),
         http_thread_percent_a_viewer: ($with.threads.http / $with.seconds / 1e4 / $viewers.viewers),
         message_bytes: ($viewers.bytes / $viewers.pictures | round), pictures_s: ($viewers.pictures / $viewers.seconds / $viewers.viewers),
         lost: $viewers.lost, delay: $viewers.read}'
}

part_viewer() {
    local plain tls fan
    start_cameras
    write_config
    plain=$(viewer_cost plain)
    tls=$(viewer_cost tls --tls)
    stop_cameras
    say "viewer: fan, $span s"
    fan=$("$programs/bench-fan" 100 "$(jq .message_bytes <<<"$plain")" "$span")
    jq -n --argjson plain "$plain" --argjson tls "$tls" --argjson fan "$fan" '
        ($fan.cpu_us / $fan.seconds / 1e4 / $fan.viewers) as $floor |
        {viewers: 100, fan_percent_a_viewer: $floor, plain: $plain, tls: $tls,
         ratio: ($plain.percent_a_viewer / $floor * 100 | round / 100), ratio_tls: ($tls.percent_a_viewer / $floor * 100 | round / 100),
         goals: {ratio: 2, ratio_tls: 4}} |
        .outcome = "\(.ratio) × the fan without TLS (later ≤ 2), \(.ratio_tls) × with TLS (later ≤ 4); "
            + "a viewer \($plain.percent_a_viewer * 1e4 | round / 1e4) and \($tls.percent_a_viewer * 1e4 | round / 1e4) % of a core"'
}

# ---- clip: an hour by vonglau clip, against cp of the same bytes ----

milliseconds() { # command …
    local begun=${EPOCHREALTIME/[.,]/}
    "$@" >&2 || fail "$* failed" # what fails is fast
    echo $(((${EPOCHREALTIME/[.,]/} - begun) / 1000))
}

# A data folder with paused cameras, filled with what bench-make makes.
make_footage() { # KIND
    data=$work/$1
    write_config paused
    start_server "$data"
    stop_server
    "$programs/bench-make" "$1" "$data"
}

part_clip() {
    local made clip_ms cp_ms i
    say "clip: making an hour of footage"
    made=$(make_footage hour)
    cut() {
        build/vonglau clip --data "$work/hour" --camera "$(jq -r .cameras <<<"$made")" --from "$(jq -r .from <<<"$made")" \
            --to "$(jq -r .to <<<"$made")" --out "$1" 2>/dev/null
    }
    cut "$work/first.mp4" # all of it is in the page cache from here on
    data=$work/hour
    [ "$(stat -c %s "$work/first.mp4")" -gt $(($(footage_bytes) * 99 / 100)) ] || fail "the clip lacks a part of the hour"
    for i in $(seq $((rounds * 3 + 2))); do
        sync
        clip_ms=$(milliseconds cut "$work/again.mp4")
        [ "$(stat -c %s "$work/again.mp4")" = "$(stat -c %s "$work/first.mp4")" ] || fail "the second clip is another"
        rm "$work/again.mp4"
        sync
        cp_ms=$(milliseconds cp --reflink=never "$work/first.mp4" "$work/copy.mp4")
        rm "$work/copy.mp4"
        echo "{\"clip_ms\": $clip_ms, \"cp_ms\": $cp_ms}"
    done | jq -s --argjson bytes "$(stat -c %s "$work/first.mp4")" '
        def hundredths: . * 100 | round / 100;
        {bytes: $bytes, rounds: ., clip_ms: (map(.clip_ms) | min), cp_ms: (map(.cp_ms) | min), asked: {ratio: 2, goal: 1.5}} |
        (.rounds | map(.clip_ms / .cp_ms)) as $ratios |
        .ratio = (.clip_ms / .cp_ms | hundredths) | .ratio_least = ($ratios | min | hundredths) | .ratio_most = ($ratios | max | hundredths) |
        .outcome = "\(.ratio) × cp (asked ≤ 2, later ≤ 1.5), the fastest of each; by rounds \(.ratio_least)–\(.ratio_most) ×: \(.clip_ms) ms for "
            + "\(.bytes / 1e6 | round) MB, cp \(.cp_ms) ms, source in the page cache"'
    rm -rf "$work/hour" "$work/first.mp4"
}

# ---- evidence: a package of two hours of four cameras by vonglau evidence, against cp of its bytes ----

part_evidence() {
    local made evidence_ms cp_ms synced_ms peak=0 now pid i
    say "evidence: making two sealed hours of four cameras"
    made=$(make_footage sealed)
    pack() {
        exec build/vonglau evidence --data "$work/sealed" --camera "$(jq -r .cameras <<<"$made")" --from "$(jq -r .from <<<"$made")" \
            --to "$(jq -r .to <<<"$made")" --reason "the bench" --out "$1" >/dev/null 2>&1
    }
    pack_once() { (pack "$1"); }
    copy_synced() { cp --reflink=never "$1" "$2" && sync "$2"; }
    pack "$work/first.zip" &
    pid=$!
    while now=$(awk '/^VmHWM/ { print $2 }' "/proc/$pid/status" 2>/dev/null) && [ -n "$now" ]; do
        peak=$now
        sleep 0.02
    done
    wait "$pid" || fail "no package"
    build/vonglau verify "$work/first.zip" >&2 || fail "the package does not pass"
    data=$work/sealed
    [ "$(stat -c %s "$work/first.zip")" -gt $(($(footage_bytes) * 99 / 100)) ] || fail "the package lacks a part of the footage"
    for i in $(seq $((rounds * 2 - 1))); do
        sync
        evidence_ms=$(milliseconds pack_once "$work/again.zip")
        rm "$work/again.zip"
        sync
        cp_ms=$(milliseconds cp --reflink=never "$work/first.zip" "$work/copy.zip")
        rm "$work/copy.zip"
        sync
        synced_ms=$(milliseconds copy_synced "$work/first.zip" "$work/copy.zip")
        rm "$work/copy.zip"
        echo "{\"evidence_ms\": $evidence_ms, \"cp_ms\": $cp_ms, \"synced_cp_ms\": $synced_ms}"
    done | jq -s --argjson bytes "$(stat -c %s "$work/first.zip")" --argjson peak "$peak" '
        def hundredths: . * 100 | round / 100;
        {bytes: $bytes, peak_kib: $peak, rounds: ., evidence_ms: (map(.evidence_ms) | min), cp_ms: (map(.cp_ms) | min),
         synced_cp_ms: (map(.synced_cp_ms) | min), asked: {ratio: 2}} |
        .ratio = (.evidence_ms / .cp_ms | hundredths) | .synced_ratio = (.evidence_ms / .synced_cp_ms | hundredths) |
        .outcome = "\(.ratio) × cp (asked ≤ 2), the fastest of each: \(.evidence_ms) ms for \(.bytes / 1e6 | round) MB until it is on disk, cp \(.cp_ms) ms, "
            + "cp until it is on disk, too, \(.synced_cp_ms) ms (\(.synced_ratio) ×); peak memory \(.peak_kib / 1024 | round) MiB"'
    rm -rf "$work/sealed" "$work/first.zip"
}

# ---- coverage: 30 days of 32 cameras over HTTP ----

# Each camera once over one connection: seconds, one a line.
ask_coverage() { # QUERY
    local i arguments=()
    for i in "${ids[@]}"; do
        arguments+=(-o /dev/null "$server/api/v1/cameras/$i/coverage?$1")
    done
    curl -s -H "Authorization: Bearer $token" -w '%{time_total} %{http_code} %{size_download}\n' "${arguments[@]}"
}

part_coverage() {
    local made query id i spans
    say "coverage: making 30 days of $cameras cameras"
    made=$(make_footage month)
    start_server "$work/month"
    sign_in
    query="from=$(jq -r .from <<<"$made")&to=$(jq -r .to <<<"$made")"
    for id in "${ids[@]}"; do # which brings all of it into the page cache
        spans=$(ask "/api/v1/cameras/$id/coverage?$query" | jq '.spans | length')
        [ "$spans" = 300 ] || fail "coverage of a camera has $spans spans instead of the 300 made"
    done
    for i in $(seq $((rounds * 10))); do ask_coverage "$query"; done | jq -R 'split(" ") | map(tonumber)' | jq -s --argjson cameras "$cameras" '
        def at($percent): sort | .[((length * $percent + 99) / 100 | floor) - 1];
        def ms: . * 100 | round / 100;
        if map(.[1]) | unique != [200] then error("not all answers are 200") else . end |
        (map(.[0] * 1000)) as $one | ([range(0; $one | length; $cameras) as $i | $one[$i:$i + $cameras] | add]) as $all |
        {cameras: $cameras, days: 30, spans_a_camera: 300, answer_bytes: (.[0][2]), asks: ($one | length),
         one_p50_ms: ($one | at(50) | ms), one_p99_ms: ($one | at(99) | ms), all_p50_ms: ($all | at(50) | ms), all_p99_ms: ($all | at(99) | ms),
         goals: {one_p99_ms: 5}} |
        .outcome = "30 days of one camera p50 \(.one_p50_ms), p99 \(.one_p99_ms) ms over HTTP (later ≤ 5); of all \($cameras), one after another, p50 \(.all_p50_ms) ms"'
    stop_server
    rm -rf "$work/month"
}
