#!/bin/bash
# eye.sh — what the eye costs a camera that it follows: bench/eye.sh [SECONDS [ROUNDS]]. Prints one line of JSON a stream and round.
# The simulator's sub streams as they are, and the same scenes coded as other cameras would; the streams take turns, because what
# else the machine does makes processor time dearer. What is counted: bench/eye.c, docs/design/motion.md.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
seconds=${1:-20} rounds=${2:-3}
work=build/bench-eye
mkdir -p "$work"
build/sim/vonglau-sim --cameras 4 --mix plain --cache "${SIM_CACHE:-build/sim-cache}" --truth "$work"
scenes=(crossroads gate)

code() { # NAME FPS CODEC OPTION…
    local name=$1 fps=$2 codec=$3 scene suffix=4
    shift 3
    [ "$codec" = libx264 ] || suffix=5
    for scene in "${scenes[@]}"; do
        ffmpeg -nostdin -v error -framerate 15 -i "$work/$scene.h264" -r "$fps" -c:v "$codec" -preset veryfast -g $((2 * fps)) "$@" \
            -f "$([ "$suffix" = 4 ] && echo h264 || echo hevc)" -y "$work/$scene-$name.h26$suffix"
    done
}

code 5 5 libx264 -bf 0 -b:v 300k -maxrate 450k -bufsize 600k
code 5-small 5 libx264 -bf 0 -b:v 100k -maxrate 150k -bufsize 200k
code 15-cavlc 15 libx264 -bf 0 -coder 0 -b:v 300k -maxrate 450k -bufsize 600k
h265=(libx265 -x265-params bframes=0:log-level=error:pools=1 -b:v 200k -maxrate 300k -bufsize 400k)
code 15-h265 15 "${h265[@]}"
code 5-h265 5 "${h265[@]}"

trial() { # NAME FPS SUFFIX
    local files=()
    for scene in "${scenes[@]}"; do files+=("$work/$scene$3"); done
    build/bench/bench-eye --seconds "$seconds" --fps "$2" "${files[@]}" | jq -c --arg stream "$1" '{stream: $stream} + .'
}

for _ in $(seq "$rounds"); do
    trial "the simulator's, H.264, 15/s, 300 kbit/s" 15 .h264
    trial "H.264 without CABAC, 15/s, 300 kbit/s" 15 -15-cavlc.h264
    trial "H.265, 15/s, 200 kbit/s" 15 -15-h265.h265
    trial "H.264, 5/s, 300 kbit/s" 5 -5.h264
    trial "H.265, 5/s, 200 kbit/s" 5 -5-h265.h265
    trial "H.264, 5/s, 100 kbit/s" 5 -5-small.h264
done
