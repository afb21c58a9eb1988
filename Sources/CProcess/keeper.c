#define _GNU_SOURCE
#include "CProcess.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* More commands than one worker ever runs at once. */
enum { groups_limit = 4096, environment_limit = 1 << 16 };

static int32_t groups[groups_limit];

static void note(int32_t group) {
    const int32_t wanted = group > 0 ? 0 : -group;
    for (int i = 0; i < groups_limit; i++) {
        if (groups[i] == wanted) {
            groups[i] = group > 0 ? group : 0;
            return;
        }
    }
}

/* Whether `mark` begins a variable of the process. A process that cannot be read is not ours. */
static int has_mark(const char *pid, const char *mark) {
    static char bytes[environment_limit];
    char path[64] = "/proc/";
    if (strlen(pid) > 20) return 0;
    strcat(strcat(path, pid), "/environ");
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    ssize_t count = 0, more;
    while (count < environment_limit - 1 && (more = read(file, bytes + count, (size_t)(environment_limit - 1 - count))) > 0) {
        count += more;
    }
    close(file);
    const size_t length = strlen(mark);
    for (ssize_t at = 0; at < count; at += (ssize_t)strlen(bytes + at) + 1) {
        bytes[count] = 0;
        if (strncmp(bytes + at, mark, length) == 0) return 1;
    }
    return 0;
}

static pid_t number(const char *name) {
    pid_t value = 0;
    for (; *name; name++) {
        if (*name < '0' || *name > '9') return 0;
        value = value * 10 + (*name - '0');
    }
    return value;
}

/* Kills every process with the mark but this one; returns how many there were. */
static int kill_marked(const char *mark) {
    static char buffer[1 << 15];
    int killed = 0;
    int folder = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return 0;
    long count;
    while ((count = syscall(SYS_getdents64, folder, buffer, sizeof buffer)) > 0) {
        for (long at = 0; at < count;) {
            const struct dirent64 *entry = (const struct dirent64 *)(buffer + at);
            const pid_t pid = number(entry->d_name);
            if (pid > 1 && pid != getpid() && has_mark(entry->d_name, mark) && kill(pid, SIGKILL) == 0) killed++;
            at += entry->d_reclen;
        }
    }
    close(folder);
    return killed;
}

/* The keeper's life. It was forked from a process with many threads, so it calls the kernel and nothing that locks. */
static void keep(int socket, const char *mark) {
    /* All signals stay blocked: it ends when the worker is gone, not when a terminal says so. */
    setsid();
    if (socket != 3) dup2(socket, 3);
    syscall(SYS_close_range, 4U, ~0U, 0U);
    for (int i = 0; i < 3; i++) close(i);
    for (;;) {
        int32_t group;
        const ssize_t count = recv(3, &group, sizeof group, 0);
        if (count == (ssize_t)sizeof group) {
            note(group);
        } else if (count == 0 || (count < 0 && errno != EINTR)) {
            break;
        }
    }
    for (int i = 0; i < groups_limit; i++) {
        if (groups[i] > 1) kill(-groups[i], SIGKILL);
    }
    /* A process that forks while it is looked for is found in the next round. */
    for (int round = 0; round < 100 && kill_marked(mark) > 0; round++) usleep(1000);
    _exit(0);
}

int bw_start_keeper(const char *mark, pid_t *keeper) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return -1;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        keep(ends[1], mark);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(ends[1]);
    if (child < 0) {
        close(ends[0]);
        return -1;
    }
    *keeper = child;
    return ends[0];
}

int bw_tell_keeper(int socket, int32_t group) {
    while (send(socket, &group, sizeof group, MSG_NOSIGNAL) < 0) {
        if (errno != EINTR) return errno;
    }
    return 0;
}
