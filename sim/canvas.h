/* canvas.h — a still backdrop with moving things on it, drawn with Cairo, fast.
 *
 * The backdrop is drawn and converted to I420 once. Each picture only the touched rectangles are
 * converted, and put back to the backdrop afterwards.
 */
#pragma once

#include <cairo.h>
#include <libavutil/frame.h>

typedef struct Canvas Canvas;

Canvas *canvas_new(int width, int height);
void canvas_free(Canvas *canvas);

/* To draw on: first the backdrop, then, after canvas_seal(), what moves. Pixels. */
cairo_t *canvas_cairo(Canvas *canvas);

/* What was drawn so far is the backdrop. */
void canvas_seal(Canvas *canvas);

/* Says that something is drawn into this rectangle, which may reach beyond the edges. */
void canvas_touch(Canvas *canvas, double x, double y, double width, double height);

/* Fills `out` with the picture and makes the canvas ready for the next one. */
void canvas_take(Canvas *canvas, AVFrame *out);
