#include "harness.h"

#include "base/secret.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *program(const char *variable)
{
    const char *path = g_getenv(variable);
    if (!path)
        g_error("%s is not set: run this test by ./dev test", variable);
    return path;
}

static void confine_nothing(const char *folder)
{
}

/* Starts a program with its output in a pipe, whose reading end is returned in `out`; `confine`
 * runs in the child. */
static pid_t spawn_confined(char *const *argv, int *out, int *err,
                            void (*confine)(const char *folder), const char *folder)
{
    int out_ends[2], err_ends[2];
    int file = open(argv[0], O_PATH | O_CLOEXEC); /* somebody else may not see its folder */
    g_assert(pipe2(out_ends, O_CLOEXEC) == 0 && pipe2(err_ends, O_CLOEXEC) == 0);
    pid_t pid = fork();
    g_assert(pid >= 0);
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(out_ends[1], STDOUT_FILENO);
        if (err)
            dup2(err_ends[1], STDERR_FILENO);
        confine(folder);
        syscall(SYS_execveat, file, "", argv, environ, AT_EMPTY_PATH);
        _exit(127);
    }
    close(file);
    close(out_ends[1]);
    close(err_ends[1]);
    *out = out_ends[0];
    if (err)
        *err = err_ends[0];
    else
        close(err_ends[0]);
    return pid;
}

static pid_t spawn(char *const *argv, int *out, int *err)
{
    return spawn_confined(argv, out, err, confine_nothing, NULL);
}

static char *read_all(int fd)
{
    GString *text = g_string_new(NULL);
    char part[65536];
    ssize_t got;
    while ((got = read(fd, part, sizeof part)) > 0)
        g_string_append_len(text, part, got);
    close(fd);
    return g_string_free(text, FALSE);
}

/* ---- simulator ---- */

Sim sim_start(int cameras)
{
    return sim_start_with_live(cameras, 0);
}

Sim sim_start_with_live(int cameras, int live)
{
    char count[16], live_count[16];
    g_snprintf(count, sizeof count, "%d", cameras);
    g_snprintf(live_count, sizeof live_count, "%d", live);
    char *argv[] = {(char *)program("VONGLAU_SIM"),
                    (char *)"--cameras",
                    count,
                    (char *)"--port",
                    (char *)"0",
                    (char *)"--http-port",
                    (char *)"0",
                    (char *)"--scene",
                    (char *)"test",
                    (char *)"--live",
                    live_count,
                    (char *)"--cache",
                    (char *)program("SIM_CACHE"),
                    NULL};
    int out;
    Sim sim = {.pid = spawn(argv, &out, NULL)};
    FILE *stream = fdopen(out, "r");
    g_autofree char *line = g_malloc(1 << 18);
    if (!fgets(line, 1 << 18, stream))
        g_error("the simulator did not become ready");
    g_autoptr(GError) error = NULL;
    g_autoptr(Json) ready = json_parse(line, strlen(line), &error);
    g_assert_no_error(error);
    sim.http_port = (int)json_integer_value(json_object_get(ready, "http_port"));
    sim.cameras = json_incref(json_object_get(ready, "cameras"));
    return sim;
}

void sim_stop(Sim *sim)
{
    kill(sim->pid, SIGTERM);
    waitpid(sim->pid, NULL, 0);
    json_decref(sim->cameras);
}

const Json *sim_camera(const Sim *sim, int index)
{
    return json_array_get(sim->cameras, (size_t)index);
}

Json *sim_sent(const Sim *sim, const char *camera, const char *stream)
{
    g_autofree char *url = g_strdup_printf("http://127.0.0.1:%d/sent?camera=%s&stream=%s",
                                           sim->http_port, camera, stream);
    return http_json(url, NULL);
}

void sim_fault(const Sim *sim, const char *camera, const char *fault)
{
    g_autofree char *url = g_strdup_printf("http://127.0.0.1:%d/fault?camera=%s&fault=%s",
                                           sim->http_port, camera, fault);
    int status = http_call("POST", url, NULL, "", NULL, NULL);
    g_assert_cmpint(status, <, 300);
}

/* ---- server ---- */

/* `more`: an argument, or NULL. */
static Server start_on(const char *data, const char *listen, const char *more)
{
    char *argv[] = {(char *)program("VONGLAU"),
                    (char *)"serve",
                    (char *)"--data",
                    (char *)data,
                    (char *)"--listen",
                    (char *)listen,
                    (char *)"--no-tls",
                    (char *)more,
                    NULL};
    int out;
    Server server = {.pid = spawn(argv, &out, NULL), .data = g_strdup(data)};
    FILE *stream = fdopen(out, "r");
    char line[1024];
    while (!server.url && fgets(line, sizeof line, stream)) {
        const char *password = strstr(line, "with the password ");
        const char *url = strstr(line, "is at ");
        if (password)
            server.password = g_strchomp(g_strdup(password + strlen("with the password ")));
        if (url)
            server.url = g_strchomp(g_strdup(url + strlen("is at ")));
    }
    if (!server.url)
        g_error("the server did not start");
    return server;
}

Server server_start(const char *data)
{
    return start_on(data, "127.0.0.1:0", NULL);
}

Server server_start_open(const char *data)
{
    return start_on(data, "0.0.0.0:0", "--behind-proxy");
}

int server_stop(Server *server, int signal_number)
{
    int status;
    kill(server->pid, signal_number);
    waitpid(server->pid, &status, 0);
    g_free(server->data);
    g_free(server->url);
    secret_free(server->password);
    *server = (Server){0};
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

char *server_token(const Server *server)
{
    char *token = NULL;
    int status = run_vonglau(&token, NULL, "token", "create", "--data", server->data, "--role",
                             "admin", "--days", "1", "--purpose", "test", NULL);
    g_assert_cmpint(status, ==, 0);
    return token;
}

/* ---- command line ---- */

static GPtrArray *arguments_of(const char *first, va_list rest)
{
    GPtrArray *argv = g_ptr_array_new();
    g_ptr_array_add(argv, (char *)program("VONGLAU"));
    for (const char *argument = first; argument; argument = va_arg(rest, const char *))
        g_ptr_array_add(argv, (char *)argument);
    g_ptr_array_add(argv, NULL);
    return argv;
}

static unsigned run_most_s = 60; /* what should have refused and runs instead ends the test */

void run_set_limit(unsigned seconds)
{
    run_most_s = seconds;
}

static void confine_time(const char *folder)
{
    alarm(run_most_s);
}

static Run begin(GPtrArray *argv, void (*confine)(const char *folder), const char *folder)
{
    Run run;
    run.pid = spawn_confined((char *const *)argv->pdata, &run.out, &run.err, confine, folder);
    g_ptr_array_unref(argv);
    return run;
}

Run run_begin(const char *first, ...)
{
    va_list rest;
    va_start(rest, first);
    Run run = begin(arguments_of(first, rest), confine_time, NULL);
    va_end(rest);
    return run;
}

int run_end(Run *run, char **out, char **err)
{
    int status;
    g_autofree char *told = read_all(run->out);
    g_autofree char *complaint = read_all(run->err);
    waitpid(run->pid, &status, 0);
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
        fprintf(stderr, "ended by the test's own limit of %u s\n", run_most_s);
    if (!err && *complaint)
        fputs(complaint, stderr);
    if (out)
        *out = g_strchomp(g_steal_pointer(&told));
    if (err)
        *err = g_steal_pointer(&complaint);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int run_vonglau(char **out, char **err, ...)
{
    va_list rest;
    va_start(rest, err);
    Run run = begin(arguments_of(va_arg(rest, const char *), rest), confine_time, NULL);
    va_end(rest);
    return run_end(&run, out, err);
}

enum { NOBODY = 65534 };

static void become_somebody_else(const char *folder)
{
    confine_time(folder);
    if (geteuid() != 0)
        return;
    if (setgroups(0, NULL) != 0 || setresgid(NOBODY, NOBODY, NOBODY) != 0 ||
        setresuid(NOBODY, NOBODY, NOBODY) != 0)
        _exit(126);
}

static void see_read_only(const char *folder)
{
    confine_time(folder);
    int own = CLONE_NEWNS | (geteuid() ? CLONE_NEWUSER : 0);
    if (unshare(own) != 0)
        _exit(126);
    /* In a chroot "/" is no mount: run_confined() then takes away what others see of the next. */
    if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 && errno != EINVAL)
        _exit(126);
    if (mount(folder, folder, NULL, MS_BIND, NULL) != 0 ||
        mount("none", folder, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL) != 0)
        _exit(126);
}

int run_confined(Confinement confinement, const char *folder, char **out, char **err, ...)
{
    va_list rest;
    va_start(rest, err);
    GPtrArray *argv = arguments_of(va_arg(rest, const char *), rest);
    va_end(rest);
    bool other = confinement == CONFINED_OTHER_USER, takes_rights = other && geteuid() != 0;
    if (takes_rights)
        g_chmod(folder, 0);
    Run run = begin(argv, other ? become_somebody_else : see_read_only, folder);
    int status = run_end(&run, out, err);
    if (!other)
        (void)umount2(folder, MNT_DETACH); /* usually nothing is there */
    if (takes_rights)
        g_chmod(folder, 0700);
    return status;
}

/* ---- HTTP ---- */

static size_t take_body(char *data, size_t one, size_t count, void *to)
{
    g_byte_array_append(to, (const guint8 *)data, (guint)(one * count));
    return one * count;
}

/* "Content-Type: x" becomes "content-type: x". */
static size_t take_header(char *data, size_t one, size_t count, void *to)
{
    size_t name = 0, size = one * count;
    while (name < size && data[name] != ':')
        name++;
    g_autofree char *lower = g_ascii_strdown(data, (gssize)name);
    g_string_append(to, lower);
    g_string_append_len(to, data + name, (gssize)(size - name));
    return size;
}

int http_call(const char *method, const char *url, const char *bearer, const char *body,
              char **answer, size_t *size)
{
    return http_call_headers(method, url, bearer, body, answer, size, NULL);
}

int http_call_headers(const char *method, const char *url, const char *bearer, const char *body,
                      char **answer, size_t *size, char **told)
{
    g_autoptr(GString) lines = g_string_new(NULL);
    CURL *curl = curl_easy_init();
    GByteArray *got = g_byte_array_new();
    struct curl_slist *headers = NULL;
    g_autofree char *authorization = g_strdup_printf("Authorization: Bearer %s", bearer);
    if (bearer)
        headers = curl_slist_append(headers, authorization);
    headers = curl_slist_append(headers, "Content-Type: application/json");
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 30L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, got);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, lines);
    if (body)
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    CURLcode trouble = curl_easy_perform(curl);
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
    if (trouble != CURLE_OK)
        g_error("%s %s: %s", method, url, curl_easy_strerror(trouble));
    if (size)
        *size = got->len;
    if (told)
        *told = g_strdup(lines->str);
    g_byte_array_append(got, (const guint8 *)"", 1);
    char *bytes = (char *)g_byte_array_free(got, FALSE);
    if (answer)
        *answer = bytes;
    else
        g_free(bytes);
    return (int)status;
}

Json *http_json(const char *url, const char *bearer)
{
    g_autofree char *text = NULL;
    size_t size = 0;
    int status = http_call("GET", url, bearer, NULL, &text, &size);
    if (status != 200)
        g_error("GET %s: %d %s", url, status, text);
    g_autoptr(GError) error = NULL;
    Json *value = json_parse(text, size, &error);
    g_assert_no_error(error);
    return value;
}

Json *http_problem(const char *method, const char *url, const char *bearer, const char *body,
                   int status)
{
    g_autofree char *text = NULL, *headers = NULL;
    size_t size = 0;
    int got = http_call_headers(method, url, bearer, body, &text, &size, &headers);
    if (got != status || !strstr(headers, "content-type: application/problem+json"))
        g_error("%s %s: %d instead of %d: %s", method, url, got, status, text);
    g_autoptr(GError) error = NULL;
    Json *problem = json_parse(text, size, &error);
    g_assert_no_error(error);
    g_assert_cmpint(json_integer_value(json_object_get(problem, "status")), ==, status);
    g_assert(json_string_length(json_object_get(problem, "type")) > 0);
    g_assert(json_string_length(json_object_get(problem, "title")) > 0);
    g_assert(json_string_length(json_object_get(problem, "detail")) > 0);
    g_assert(json_string_length(json_object_get(problem, "cause_code")) > 0);
    return problem;
}

/* ---- files and time ---- */

char *temp_folder(void)
{
    char *path = g_dir_make_tmp("vonglau-test-XXXXXX", NULL);
    g_assert(path);
    return path;
}

void remove_tree(const char *path)
{
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    const char *name;
    while (folder && (name = g_dir_read_name(folder))) {
        g_autofree char *inner = g_build_filename(path, name, NULL);
        if (g_file_test(inner, G_FILE_TEST_IS_DIR) && !g_file_test(inner, G_FILE_TEST_IS_SYMLINK))
            remove_tree(inner);
        else
            g_unlink(inner);
    }
    g_rmdir(path);
}

void sleep_ms(int ms)
{
    g_usleep((gulong)ms * 1000);
}
