/* Plugins that the SDK cannot make. Each is this file, compiled with one CASE_… defined. */

#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "flowdown_plugin.h"

#define TEXT(literal) answer(literal, sizeof(literal) - 1)

static struct flowdown_answer answer(const char *text, size_t length)
{
    return (struct flowdown_answer){ length, (uint8_t *)text, FLOWDOWN_OK };
}

static struct flowdown_answer describe(void)
{
#if defined(CASE_DESCRIPTOR_GARBAGE)
    return TEXT("\xff\xfe not JSON");
#elif defined(CASE_DESCRIPTOR_ID)
    return TEXT("{\"id\":\"No Id\",\"version\":\"1\",\"phase\":\"license\"}");
#elif defined(CASE_DESCRIPTOR_PHASE)
    return TEXT("{\"id\":\"acme\",\"version\":\"1\",\"phase\":\"both\"}");
#elif defined(CASE_DESCRIPTOR_HANGS)
    for (;;)
        pause();
    return TEXT("never");
#else
    return TEXT("{\"id\":\"tables\",\"version\":\"1\",\"phase\":\"license\"}");
#endif
}

#if !defined(CASE_NO_FUNCTION)
static struct flowdown_answer call(uint32_t operation, struct flowdown_bytes input)
{
    (void)operation;
    (void)input;
#if defined(CASE_ANSWER_GARBAGE)
    return TEXT("{\"artifacts\":[{\"id\":");
#elif defined(CASE_ANSWER_SHAPE)
    return TEXT("{\"artifacts\":[{\"id\":\"model:x\",\"claims\":[{\"candidates\":7}]}]}");
#elif defined(CASE_ANSWER_EMPTY)
    return (struct flowdown_answer){ 0, NULL, FLOWDOWN_OK };
#elif defined(CASE_ANSWER_NULL)
    return (struct flowdown_answer){ 1000, NULL, FLOWDOWN_OK };
#elif defined(CASE_ANSWER_LIES)
    /* Says that it is far longer than what can be read. */
    return (struct flowdown_answer){ SIZE_MAX / 4, (uint8_t *)"{}", FLOWDOWN_OK };
#elif defined(CASE_ANSWER_STATUS)
    return (struct flowdown_answer){ 2, (uint8_t *)"{}", 77 };
#elif defined(CASE_FRAMES)
    /* Looks for the private pipe and writes where only the host's own child should. */
    for (int fd = 3; fd < 64; fd++) {
        if (write(fd, "this is no frame", 16) < 0)
            continue;
    }
    return TEXT("{\"artifacts\":[]}");
#else
    return TEXT("{\"artifacts\":[]}");
#endif
}
#endif

static void give_back(struct flowdown_answer given)
{
    (void)given;
}

#if defined(CASE_CONSTRUCTOR_HANGS)
__attribute__((constructor)) static void hang(void)
{
    for (;;)
        pause();
}
#elif defined(CASE_CONSTRUCTOR_ABORTS)
__attribute__((constructor)) static void stop(void)
{
    abort();
}
#endif

/* A table is always made; under its own name only if the case is about something else. */
#if defined(CASE_NO_SYMBOL) || defined(CASE_FUNCTION) || defined(CASE_SHORT)
#define TABLE table_of_another_name
#else
#define TABLE flowdown_plugin_v1_tables
#endif

FLOWDOWN_EXPORT const struct flowdown_plugin_v1 TABLE = {
#if defined(CASE_SIZE)
    .size = 8,
#else
    .size = sizeof(struct flowdown_plugin_v1),
#endif
#if defined(CASE_MAJOR)
    .abi_major = FLOWDOWN_ABI_MAJOR + 1,
#else
    .abi_major = FLOWDOWN_ABI_MAJOR,
#endif
#if defined(CASE_MINOR)
    .abi_minor = FLOWDOWN_ABI_MINOR + 1,
#else
    .abi_minor = FLOWDOWN_ABI_MINOR,
#endif
    .describe = describe,
#if defined(CASE_NO_FUNCTION)
    .call = NULL,
#else
    .call = call,
#endif
    .free = give_back,
};

#if defined(CASE_FUNCTION)
FLOWDOWN_EXPORT void flowdown_plugin_v1_tables(void)
{
}
#elif defined(CASE_SHORT)
FLOWDOWN_EXPORT const size_t flowdown_plugin_v1_tables = sizeof(struct flowdown_plugin_v1);
#elif defined(CASE_TWO)
FLOWDOWN_EXPORT const struct flowdown_plugin_v1 flowdown_plugin_v1_second = { .size = 0 };
#endif
