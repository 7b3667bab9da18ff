/* Asks the example plugin with every beginning of a request, and with every byte of it changed. */

#include "acme.c"

/* Asks with bytes that end where their allocation does, so that a sanitizer sees a step too far. */
static uint32_t ask(const char *bytes, size_t length)
{
    uint8_t *copy = malloc(length > 0 ? length : 1);
    memcpy(copy, bytes, length);
    struct flowdown_answer answer =
        flowdown_plugin_v1_acme_c.call(FLOWDOWN_RESOLVE, (struct flowdown_bytes){ length, copy });
    flowdown_plugin_v1_acme_c.free(answer);
    free(copy);
    return answer.status;
}

int main(int count, char **arguments)
{
    static const char OTHERS[] = "\"\\{}[],:x"; /* and the zero byte at its end */
    static char request[1 << 16];
    FILE *file = fopen(arguments[count - 1], "rb");
    size_t length = fread(request, 1, sizeof request, file), whole = 0;
    fclose(file);
    for (size_t end = 0; end <= length; end++)
        whole += ask(request, end) == FLOWDOWN_OK;
    for (size_t at = 0; at < length; at++) {
        char kept = request[at];
        for (size_t other = 0; other < sizeof OTHERS; other++) {
            request[at] = OTHERS[other];
            ask(request, length);
        }
        request[at] = kept;
    }
    printf("%zu bytes, %zu whole\n", length, whole);
    return 0;
}
