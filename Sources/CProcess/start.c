#define _GNU_SOURCE
#include "CProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Runs between vfork and exec, on the memory and the stack of the thread that waits: it calls the kernel and nothing else. */
static int prepare(const struct bw_start *start, pid_t parent) {
    if (setpgid(0, 0) != 0) return errno;
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return errno;
    /* The parent may have died before the line above: then nobody would tell. */
    if (getppid() != parent) return ESRCH;
    if (start->group >= 0) {
        int members = openat(start->group, "cgroup.procs", O_WRONLY | O_CLOEXEC);
        if (members < 0 || write(members, "0", 1) != 1) return errno;
    }
    if (start->memory > 0) {
        /* Data, not address space: a runtime may reserve far more than it ever uses. */
        struct rlimit limit = {start->memory, start->memory};
        if (setrlimit(RLIMIT_DATA, &limit) != 0) return errno;
    }
    if (start->cpu_seconds > 0) {
        /* SIGXCPU first, SIGKILL a second later. */
        struct rlimit limit = {start->cpu_seconds, start->cpu_seconds + 1};
        if (setrlimit(RLIMIT_CPU, &limit) != 0) return errno;
    }
    struct rlimit core = {0, 0};
    setrlimit(RLIMIT_CORE, &core);
    if (chdir(start->folder) != 0) return errno;
    int nothing = open("/dev/null", O_RDONLY);
    if (nothing < 0) return errno;
    /* High copies first, so that no target is overwritten before it is copied. */
    int output = fcntl(start->output, F_DUPFD_CLOEXEC, 64);
    int report = fcntl(start->report, F_DUPFD_CLOEXEC, 64);
    if (output < 0 || report < 0) return errno;
    if (dup2(nothing, 0) < 0 || dup2(output, 1) < 0 || dup2(output, 2) < 0 || dup2(report, 3) < 0) return errno;
    if (syscall(SYS_close_range, 4U, ~0U, 0U) != 0) return errno;
    return 0;
}

int bw_start_program(const struct bw_start *start, pid_t *pid) {
    const pid_t parent = getpid();
    volatile int failure = 0;
    sigset_t all, before;
    sigfillset(&all);
    /* A handler must not run in the child while it shares this memory. */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t child = vfork();
    if (child == 0) {
        struct sigaction usual = {.sa_handler = SIG_DFL};
        for (int number = 1; number < 65; number++) {
            if (number != SIGKILL && number != SIGSTOP) sigaction(number, &usual, NULL);
        }
        int error = prepare(start, parent);
        if (error == 0) {
            sigset_t none;
            sigemptyset(&none);
            sigprocmask(SIG_SETMASK, &none, NULL);
            execve(start->path, start->arguments, start->environment);
            error = errno;
        }
        failure = error;
        _exit(127);
    }
    int error = child < 0 ? errno : failure;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (child > 0 && error != 0) {
        siginfo_t ignored;
        while (waitid(P_PID, (id_t)child, &ignored, WEXITED) != 0 && errno == EINTR) {
        }
    }
    if (error == 0) *pid = child;
    return error;
}

int bw_pipe(int ends[2]) {
    if (pipe2(ends, O_CLOEXEC) != 0) return errno;
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    return 0;
}

int bw_process_descriptor(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

int bw_adopt_orphans(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0 ? 0 : errno; }
