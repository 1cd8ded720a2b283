# table.jq — the table of figures in docs/design/performance.md, from a result of bench/run.
def row: "| " + (map(tostring) | join(" | ")) + " |";
def ms: . / 10 | round / 100;
def percent: . * 1e4 | round / 1e4;
def hundredths: . * 100 | round / 100;
.parts as {$record, $start, $live, $browser, $viewer, $clip, $coverage, $many, $crowd, $streams, $disk, $long} |
($many.by_cameras[-1]) as $most |
"Measured \(.at[0:10]) at commit \(.commit[0:12]) on \(.machine.processor), \(.machine.cores) cores, SHA instructions: \(.machine.sha_instructions), Linux \(.machine.kernel), \(.machine.disk); load average before the parts \([.parts[].load_before[0]] | min)–\([.parts[].load_before[0]] | max).",
"",
(["what", "asked", "goal", "measured"] | row),
"|---|---|---|---|",
(["CPU of recording a camera of \($record.mbit_s_a_camera) Mbit/s, unwatched", "≤ 1.4 × floor", "≤ 0.7 ×", "**\($record.ratio) ×** (\($record.percent_a_camera | percent) % of a core; floor \($record.floor_percent_a_camera | percent) %)"] | row),
(["the same, every camera watched", "—", "≤ 1.2 ×", "**\($record.ratio_watched) ×**"] | row),
(["memory of recording 32 cameras (Pss)", "≤ 64 MiB", "≤ 50 MiB", "**\($record.pss_mib) MiB**"] | row),
(["start of the server to all 32 cameras playing", "—", "≤ 500 ms", "**\($start.playing_ms | round) ms**; first key pictures missed: \($start.first_key_missed)"] | row),
(["age of a picture at one viewer, from `sent_us`, p99", "≤ 3 ms", "≤ 1 ms", "**\($live.alone.read.p99_us | ms) ms** (p50 \($live.alone.read.p50_us | ms), max \($live.alone.read.max_us | ms)), lost \($live.alone.lost) of \($live.alone.pictures)"] | row),
(["server\u0027s part of it, p99", "—", "≤ 1 ms", "**\($live.alone.server.p99_us | ms) ms** (p50 \($live.alone.server.p50_us | ms), max \($live.alone.server.max_us | ms))"] | row),
(["server\u0027s part beside 200 viewers of the same camera, p99", "—", "≤ 5 ms", "**\($live.beside_200_of_the_camera.one.server.p99_us | ms) ms** (p50 \($live.beside_200_of_the_camera.one.server.p50_us | ms); one send each: \($live.fan_to_201.late.p99_us | ms) and \($live.fan_to_201.late.p50_us | ms)), lost by all 201: \($live.beside_200_of_the_camera | .one.lost + .load.lost) of \($live.beside_200_of_the_camera | .one.pictures + .load.pictures)"] | row),
(["server\u0027s part beside 200 viewers of all cameras, p99", "—", "≤ 5 ms", "**\($live.beside_200_spread.one.server.p99_us | ms) ms** (p50 \($live.beside_200_spread.one.server.p50_us | ms)), lost by all 201: \($live.beside_200_spread | .one.lost + .load.lost) of \($live.beside_200_spread | .one.pictures + .load.pictures)"] | row),
(["server\u0027s part beside ten viewers of each camera by TLS, p99", "—", "≤ 5 ms", "**\($live.beside_10_of_each_by_tls.one.server.p99_us | ms) ms** (p50 \($live.beside_10_of_each_by_tls.one.server.p50_us | ms)), lost by all: \($live.beside_10_of_each_by_tls | .one.lost + .load.lost) of \($live.beside_10_of_each_by_tls | .one.pictures + .load.pictures)"] | row),
(["age of a picture at the player\u0027s canvas in Chromium, from `sent_us`", "≤ 400 ms", "≤ 250 ms", "**median \($browser.median_ms) ms**, 90 % within \($browser.p90_ms) (\($browser.pictures) pictures, the worst of \($browser.rounds | length) rounds for the latter)"] | row),
(["cost of a viewer without TLS", "—", "≤ 2 × fan", "**\($viewer.ratio) ×** (\($viewer.plain.percent_a_viewer | percent) % of a core; fan \($viewer.fan_percent_a_viewer | percent) %)"] | row),
(["cost of a viewer with TLS", "—", "≤ 4 × fan", "**\($viewer.ratio_tls) ×** (\($viewer.tls.percent_a_viewer | percent) %)"] | row),
(["one hour\u0027s clip, `vonglau clip`", "≤ 2 × `cp`", "≤ 1.5 ×", "**\(($clip.rounds | map(.clip_ms) | min) / ($clip.rounds | map(.cp_ms) | min) | hundredths) ×**, the fastest of each (\($clip.rounds | map(.clip_ms) | min) ms for \($clip.bytes / 1e6 | round) MB; by rounds \($clip.rounds | map(.clip_ms / .cp_ms) | min | hundredths)–\($clip.rounds | map(.clip_ms / .cp_ms) | max | hundredths) ×)"] | row),
(["coverage of a camera over 30 days, p99", "—", "≤ 5 ms", "**\($coverage.one_p99_ms) ms** (p50 \($coverage.one_p50_ms); all 32 one after another p50 \($coverage.all_p50_ms))"] | row),
(["200 cameras on 2 cores beside their sender: pictures missing", "0", "0", "**\($many.missing)** of \($most.counted.pictures) at 200, of \($many.pictures) in all"] | row),
(["CPU of recording a camera at 200, by that at 32", "≤ 1 ×", "≤ 1 ×", "**\($many.more_than_at_32) ×** (\($most.percent | percent) % of a core; \($most.ratio) × the floor)"] | row),
(["memory of recording 200 cameras (Pss)", "≤ 150 MiB", "≤ 150 MiB", "**\($most.pss_mib) MiB**"] | row),
(["start of the server to all 200 cameras playing", "≤ 1500 ms", "≤ 1500 ms", "**\($crowd.playing_ms | round) ms**"] | row),
(["CPU of recording 32 cameras × 2 streams, without decoding", "≤ 6 % of a core", "≤ 6 %", "**\($streams.percent) %**"] | row),
(["memory of it (Pss)", "≤ 64 MiB", "≤ 64 MiB", "**\($streams.pss_mib) MiB**"] | row),
(["64 streams, \($disk.footage_mb_s) MB/s: writes a second on the disk", "low", "—", "**\($disk.writes_s)** with \($disk.flushes_s) flushes, busy \($disk.busy_percent) %"] | row),
(["start with \($long.segments) segments in the catalog to all 32 playing", "≤ 1000 ms", "≤ 1000 ms", "**\($long.playing_ms) ms**"] | row),
(["coverage of 30 days there, p99", "≤ 5 ms", "≤ 5 ms", "**\($long.coverage_p99_ms) ms**"] | row)
