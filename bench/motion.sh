#!/bin/bash
# motion.sh — how well motion is found: bench/motion.sh [FOLDER OF CLIPS]. Prints one line of JSON a trial.
# The simulator's drawn scenes under eight kinds of weather and by key pictures alone; where a folder is given, its clips that
# bench/motion-areas.csv knows. Decoded without deblocking, as the eye does. What is counted how: docs/design/motion.md.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
work=build/motion
mkdir -p "$work"
build/sim/vonglau-sim --cameras 4 --mix plain --cache "${SIM_CACHE:-build/sim-cache}" --truth "$work"

trial() { # NAME OPTION…: pictures come on standard input
    local name=$1
    shift
    build/bench/bench-motion "$@" | jq -c --arg clip "$name" '{clip: $clip} + .'
}

for scene in crossroads gate; do
    ffmpeg -nostdin -v error -skip_loop_filter all -framerate 15 -i "$work/$scene.h264" -vf 'select=not(mod(n\,3)),scale=640:360,format=gray' -vsync passthrough \
        -f rawvideo -y "$work/pictures"
    for weather in none light lamp infrared rain sway noise shake; do
        trial "$scene" --sim "$work/$scene.json" --loops 6 --warm 96 --weather "$weather" <"$work/pictures"
    done
    trial "$scene, key pictures" --sim "$work/$scene.json" --loops 6 --warm 96 --every 10 <"$work/pictures"
done
[ $# -gt 0 ] || exit 0
while read -r clip loops warm; do
    ffmpeg -nostdin -v error -skip_loop_filter all -i "$1/$clip.mp4" -vf fps=5,scale=640:360,format=gray -f rawvideo -y "$work/pictures"
    trial "$clip" --areas bench/motion-areas.csv --clip "$clip" --loops "$loops" --warm "$warm" <"$work/pictures"
done <<'END'
persons_indoor_onebyone 2 10
cars_topdown_parking 3 30
cars_residential_street 6 33
peds_walkway 6 24
END
