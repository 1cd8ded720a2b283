#include "base/thread.h"

#include <glib.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

struct Thread {
    pthread_t id;
    char name[16];
    void (*run)(void *data);
    void *data;
};

static void *thread_main(void *arg)
{
    Thread *thread = arg;
    pthread_setname_np(pthread_self(), thread->name);
    thread->run(thread->data);
    return NULL;
}

Thread *thread_try(const char *name, void (*run)(void *data), void *data, GError **error)
{
    Thread *thread = g_new0(Thread, 1);
    g_strlcpy(thread->name, name, sizeof thread->name);
    thread->run = run;
    thread->data = data;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int trouble = pthread_create(&thread->id, NULL, thread_main, thread);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!trouble)
        return thread;
    g_free(thread);
    err_errno(error, trouble, "thread %s cannot start", name);
    return NULL;
}

Thread *thread_start(const char *name, void (*run)(void *data), void *data)
{
    g_autoptr(GError) error = NULL;
    Thread *thread = thread_try(name, run, data, &error);
    if (!thread)
        g_error("%s", error->message);
    return thread;
}

void thread_stand_back(int nice)
{
    const struct sched_param none = {0};
    (void)sched_setscheduler(0, SCHED_BATCH, &none);
    (void)setpriority(PRIO_PROCESS, (id_t)gettid(), nice);
}

void thread_join(Thread *thread)
{
    if (!thread)
        return;
    pthread_join(thread->id, NULL);
    g_free(thread);
}
