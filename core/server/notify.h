/* server/notify.h — tells systemd how the daemon is (sd_notify's protocol, without its library). */
#ifndef FQ_SERVER_NOTIFY_H
#define FQ_SERVER_NOTIFY_H

#include <stdint.h>

/* "READY=1", "STOPPING=1", "WATCHDOG=1" …; nothing happens when nobody listens. */
void notify_send(const char *state);
/* How often WATCHDOG=1 is expected, halved for safety; 0: not at all. */
int64_t notify_watchdog_ms(void);

#endif
