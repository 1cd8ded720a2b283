# plot.jq — the cost of a camera by the number of cameras, as an SVG picture, from a result of bench/run (part many).
def number: . * 1000 | round / 1000 | tostring;
def x: 80 + . / 200 * 460;
def y: 340 - ((. | log10) - (0.02 | log10)) / ((2 | log10) - (0.02 | log10)) * 300; # 0.02 to 2 %, by decades
def text($x; $y; $anchor; $colour): "<text x=\"\($x | number)\" y=\"\($y | number)\" text-anchor=\"\($anchor)\" fill=\"\($colour)\">\(.)</text>";
def line($x1; $y1; $x2; $y2): "<line x1=\"\($x1 | number)\" y1=\"\($y1 | number)\" x2=\"\($x2 | number)\" y2=\"\($y2 | number)\" stroke=\"#d0d0d0\"/>";
def apart: reduce sort_by(.y)[] as $one ([]; . + [$one + {at: ([$one.y, ((last.at // 0) + 16)] | max)}]); # labels do not lie over each other

.parts.many.by_cameras as $rows |
[{name: "vonglau", key: "percent", colour: "#0a7d4f"}, {name: "floor: recv + write", key: "floor_percent", colour: "#666666"},
 {name: "ffmpeg -c copy, a process each", key: "ffmpeg_percent", colour: "#c05a00"}, {name: "MediaMTX", key: "mediamtx_percent", colour: "#7a3fb0"}]
| map(select(.key as $key | $rows | all(.[$key] != null))) | map(. + {y: (.key as $key | $rows[-1][$key] | y)}) | apart |
["<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 780 400\" font-family=\"sans-serif\" font-size=\"13\" role=\"img\" aria-label=\"Processor time a camera by the number of cameras\">",
 "<rect width=\"780\" height=\"400\" fill=\"#ffffff\"/>",
 ("percent of a core a camera (logarithmic scale)" | text(80; 22; "start"; "#222222")),
 ([0.02, 0.05, 0.1, 0.2, 0.5, 1, 2][] | . as $v | line(80; $v | y; 540; $v | y), ($v | tostring | text(72; ($v | y) + 4; "end"; "#222222"))),
 ($rows[] | .cameras as $n | line($n | x; 40; $n | x; 340), ($n | tostring | text($n | x; 360; "middle"; "#222222"))),
 ("cameras of 2 Mbit/s recorded at once" | text(310; 386; "middle"; "#222222")),
 (.[] | . as $one |
    "<polyline fill=\"none\" stroke=\"\(.colour)\" stroke-width=\"2\" points=\"\([$rows[] | "\(.cameras | x | number),\(.[$one.key] | y | number)"] | join(" "))\"/>",
    ($rows[] | "<circle cx=\"\(.cameras | x | number)\" cy=\"\(.[$one.key] | y | number)\" r=\"3.5\" fill=\"\($one.colour)\"/>"),
    (.name | text(550; $one.at + 4; "start"; $one.colour))),
 "</svg>"] | join("\n")
