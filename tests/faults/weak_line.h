/* weak_line.h — a line between two network namespaces that delays, limits and loses IP packets.
 *
 * The process that makes it moves into a namespace of its own, with all it starts from then on:
 * that is the one end, and has a loopback device. The other end has nothing but the line. Between
 * the two runs a thread that takes packets from one TUN device and hands them to the other, so TCP
 * meets what it meets on a weak mobile line. Needs root.
 */
#pragma once

#include <stdbool.h>

typedef struct WeakLine WeakLine;

/* Where the near end is reached by way of the line. */
#define WEAK_LINE_NEAR "10.77.0.1"

typedef struct WeakLineNature {
    int kbit_per_s; /* 0: as much as there is */
    int delay_ms;   /* each way */
    double loss;    /* share of the packets that are lost */
    bool away;      /* all of them */
} WeakLineNature;

/* Ends the program with a word on why when the kernel makes no namespaces for us. Once a process,
 * before it starts threads. Returns owned; the line is good at first. */
WeakLine *weak_line_start(void);
void weak_line_stop(WeakLine *line);

void weak_line_set(WeakLine *line, const WeakLineNature *nature);

/* A TCP socket of the far end. */
int weak_line_socket(const WeakLine *line);
