/*
 * The interface between Flowdown and a plugin, version 1.0, for C.
 *
 * A plugin is a dynamic library that exports one symbol, flowdown_plugin_v1_<name>: a constant
 * struct flowdown_plugin_v1. Only these types and bytes cross; the bytes are UTF-8 JSON, preceded
 * by their length and not ended by a zero byte. schemas/plugin/ describes the messages.
 *
 * The plugin runs in a process of its own, one call at a time, without environment and with
 * limits on time, memory and files. What it prints goes to standard error and is shown when it
 * fails.
 */

#ifndef FLOWDOWN_PLUGIN_H
#define FLOWDOWN_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Must be equal to the host's. */
#define FLOWDOWN_ABI_MAJOR 1
/* May not exceed the host's. */
#define FLOWDOWN_ABI_MINOR 0

/* Exports a symbol from a library that is compiled with -fvisibility=hidden. */
#if defined(_WIN32)
#define FLOWDOWN_EXPORT __declspec(dllexport)
#else
#define FLOWDOWN_EXPORT __attribute__((visibility("default")))
#endif

/* Operations of `call`. Answer FLOWDOWN_UNKNOWN_OPERATION to any other. */
enum {
    /* In: a resolve request. Out: a resolve response. */
    FLOWDOWN_RESOLVE = 1
};

/* What an answer holds. */
enum {
    /* The JSON that was asked for. */
    FLOWDOWN_OK = 0,
    /* UTF-8 text: why the plugin cannot answer. It may be asked again. */
    FLOWDOWN_REFUSED = 1,
    /* UTF-8 text: how the plugin failed. It is not asked again. */
    FLOWDOWN_PANICKED = 2,
    /* Nothing. */
    FLOWDOWN_UNKNOWN_OPERATION = 3
};

/* Bytes of the host, borrowed for one call. `data` may be null when `length` is 0. */
struct flowdown_bytes {
    size_t length;
    const uint8_t *data;
};

/* Bytes of the plugin, valid until they are given to its `free`. */
struct flowdown_answer {
    size_t length;
    uint8_t *data;
    uint32_t status;
};

/* What a plugin exports. Every function must be there. */
struct flowdown_plugin_v1 {
    /* sizeof(struct flowdown_plugin_v1): later minor versions append fields. */
    size_t size;
    uint32_t abi_major;
    uint32_t abi_minor;
    /* Answers with the descriptor. Called once, first. */
    struct flowdown_answer (*describe)(void);
    /* Answers an operation. */
    struct flowdown_answer (*call)(uint32_t operation, struct flowdown_bytes input);
    /* Takes back an answer; called once for each, whatever its status. */
    void (*free)(struct flowdown_answer answer);
};

#ifdef __cplusplus
}
#endif

#endif
