/* rpc/sessions.h — the doors of the daemon and the connections that came through them. */
#ifndef FQ_RPC_SESSIONS_H
#define FQ_RPC_SESSIONS_H

#include "rpc/session.h"

struct loop;         /* io/loop.h */
struct tls_server;   /* io/tls.h */
struct listener_tls; /* io/stream.h */

struct sessions_options {
    struct loop *loop;         /* borrowed */
    struct dispatch *dispatch; /* borrowed */
    size_t sessions_max;       /* 0: 10000; more are accepted and closed at once */
    int64_t idle_ms;           /* 0: SESSION_IDLE_MS */
    size_t line_max;           /* 0: FRAME_LINE_MAX */
    bool allow_plaintext;      /* the configuration lets plain text leave the machine */
};

struct sessions *sessions_open(const struct sessions_options *options);
/* Listens on a loopback address; port 0 takes a free one, see sessions_port(). Other addresses are
 * refused: plain text does not leave the machine. May be called several times. */
bool sessions_listen_tcp(struct sessions *all, const char *address, int port, struct err *err);
int sessions_port(const struct sessions *all); /* of the last TCP door; 0: none */
bool sessions_is_loopback(const char *address);
/* The TLS door, on any address; one at most. Owns with, also when it fails. */
bool sessions_listen_tls(
    struct sessions *all, const char *address, int port, struct tls_server *with, struct err *err);
int sessions_tls_port(const struct sessions *all); /* 0: no such door */
/* A new certificate for who comes from now on. Owns with. */
void sessions_renew_tls(struct sessions *all, struct tls_server *with);
void sessions_tls_read(const struct sessions *all, struct listener_tls *out);
/* Listens on a UNIX socket, replacing a stale one; the peer's user decides on local admin. */
bool sessions_listen_unix(struct sessions *all, const char *path, struct err *err);
void sessions_stop_listening(struct sessions *all); /* removes the socket file */
/* Stops listening and reading; each session closes once its answers are out. */
void sessions_drain(struct sessions *all);
size_t sessions_count(const struct sessions *all);
json_t *sessions_stat(const struct sessions *all); /* counters for health, metrics; new reference */
/* Closes whatever is left; freed by the loop when the last stream is. */
void sessions_close(struct sessions *all);

#endif
