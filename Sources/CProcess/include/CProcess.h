/* Starting and watching the processes of commands: what Swift cannot do safely between fork and exec. Linux only. */
#ifndef BELLWETHER_CPROCESS_H
#define BELLWETHER_CPROCESS_H

#include <stdint.h>
#include <sys/types.h>

/* What a program is started with. All pointers stay the caller's. */
struct bw_start {
    const char *path;         /* of the program */
    char *const *arguments;   /* NULL at the end */
    char *const *environment; /* NULL at the end */
    const char *folder;       /* its working folder */
    int output;               /* becomes its standard output and error */
    int report;               /* becomes its descriptor 3 */
    int group;                /* a folder of a cgroup v2 to join, or -1 */
    uint64_t memory;          /* bytes of private memory a process, 0 for no limit */
    uint64_t cpu_seconds;     /* of processor time a process, 0 for no limit */
};

/* Starts the program as the leader of a new process group that is killed when the calling thread ends. Returns 0 and the process
 * id, or the error number of the step that failed. Blocks until the program runs. */
int bw_start_program(const struct bw_start *start, pid_t *pid);

/* A pipe whose ends no program inherits: ends[0] is read from without waiting. Returns 0 or an error number. */
int bw_pipe(int ends[2]);

/* A descriptor that is readable once the process has ended, or -1. */
int bw_process_descriptor(pid_t pid);

/* Makes this process the parent of its descendants whose own parents have ended. Returns 0 or an error number. */
int bw_adopt_orphans(void);

/* Starts the keeper: a small process that outlives this one just long enough to kill the process groups told to it, and every
 * process in whose environment stands `mark`. Returns the socket on which it is told (each message is one `int32_t`: a process group
 * to remember, or its negative to forget), or -1 with errno. */
int bw_start_keeper(const char *mark, pid_t *keeper);

/* Tells the keeper; returns 0 or an error number. Never blocks for long and never raises SIGPIPE. */
int bw_tell_keeper(int socket, int32_t group);

#endif
