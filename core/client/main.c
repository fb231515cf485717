/* client/main.c — the program `fengqiao`. */
#include "base/lang.h"
#include "client/client.h"

int main(int argc, char **argv)
{
    lang_init();
    struct client client;
    client_init(&client);
    int code =
        client_run(&client, (const char *const *)argv + 1, (size_t)(argc > 0 ? argc - 1 : 0));
    client_close(&client);
    return code;
}
