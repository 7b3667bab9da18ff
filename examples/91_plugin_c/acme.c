/*
 * Resolves the ACME Model License 1.0: models whose card says `license: other` and
 * `license_name: acme-model-1.0` are under it. The same as examples/90_plugin_rust, in C.
 *
 * The request is read in place, once, from front to back, and never past its end. Strings are
 * compared and repeated as they stand in the JSON: the host escapes only what JSON makes it escape,
 * which no name in here contains.
 */

#include "flowdown_plugin.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the licence says, as JSON that schemas/plugin/descriptor/1.json describes. */
static const char DESCRIPTOR[] =
    "{\"id\":\"acme-c\",\"version\":\"1.0.0\",\"families\":[\"acme\"],\"phase\":\"license\","
    "\"needs\":[\"card.license\"],"
    "\"tags\":[{\"scheme\":\"license-name\",\"name\":\"acme-model-1.0\","
    "\"candidates\":[\"acme-model-1.0\"]}],"
    "\"terms\":[{\"schema\":1,\"key\":\"acme-model-1.0\",\"name\":\"ACME Model License 1.0\","
    "\"date\":\"2026-01-01\",\"licensor\":\"ACME Corporation\",\"family\":\"acme\","
    "\"verified\":\"read\",\"has_text\":true,"
    "\"ids\":{\"spdx_ref\":\"LicenseRef-acme-model-1.0\",\"hf\":[\"other:acme-model-1.0\"]},"
    "\"grant\":{\"conveyance\":\"direct-license\",\"directness\":\"explicit\","
    "\"acceptance\":\"by-exercise\",\"sublicensable\":false,"
    "\"relicense_derivatives\":\"same-licence\",\"clause\":\"2\","
    "\"legal_basis\":[\"copyright\",\"contract\"],\"revocable\":\"on-breach\","
    "\"covers\":[\"model\",\"derivatives\"],\"use\":\"any\"},"
    "\"obligation\":["
    "{\"kind\":\"copy-of-licence\",\"clause\":\"3.1\",\"trigger\":[\"distribute\"],"
    "\"evidence\":\"mechanical\"},"
    "{\"kind\":\"notice-file\",\"clause\":\"3.2\",\"trigger\":[\"distribute\"],"
    "\"evidence\":\"mechanical\",\"params\":{\"file_name\":\"NOTICE\"}}],"
    "\"restriction\":[{\"label\":\"4(a)\",\"categories\":[\"surveillance\"],"
    "\"exceptions\":[\"with-consent\"]}]}]}";

/* What is left of the request. */
struct cursor {
    const char *at;
    const char *end;
};

/* What stands between two quotation marks, or nothing. */
struct text {
    const char *at;
    size_t length;
};

/* The next character that is not white space, or 0 at the end. */
static char peek(struct cursor *cursor)
{
    while (cursor->at < cursor->end && (*cursor->at == ' ' || *cursor->at == '\t' ||
                                        *cursor->at == '\r' || *cursor->at == '\n'))
        cursor->at++;
    return cursor->at < cursor->end ? *cursor->at : 0;
}

static bool take(struct cursor *cursor, char wanted)
{
    if (peek(cursor) != wanted)
        return false;
    cursor->at++;
    return true;
}

static bool read_string(struct cursor *cursor, struct text *text)
{
    if (!take(cursor, '"'))
        return false;
    text->at = cursor->at;
    while (cursor->at < cursor->end && *cursor->at != '"') {
        /* A backslash protects the character behind it, which may be a quotation mark. */
        if (*cursor->at == '\\' && cursor->end - cursor->at > 1)
            cursor->at++;
        cursor->at++;
    }
    text->length = (size_t)(cursor->at - text->at);
    return take(cursor, '"');
}

/* Passes over a number, `true`, `false` or `null`. */
static bool skip_word(struct cursor *cursor)
{
    const char *start = cursor->at;
    while (cursor->at < cursor->end && (isalnum((unsigned char)*cursor->at) ||
                                        *cursor->at == '+' || *cursor->at == '-' ||
                                        *cursor->at == '.'))
        cursor->at++;
    return cursor->at > start;
}

/* Passes over a value. Nesting is counted and not followed: no depth exhausts the stack. */
static bool skip_value(struct cursor *cursor)
{
    size_t depth = 0;
    do {
        struct text ignored;
        char next = peek(cursor);
        if (next == '"') {
            if (!read_string(cursor, &ignored))
                return false;
        } else if (next == '{' || next == '[') {
            depth++;
            cursor->at++;
        } else if (depth > 0 && (next == '}' || next == ']')) {
            depth--;
            cursor->at++;
        } else if (depth > 0 && (next == ',' || next == ':')) {
            cursor->at++;
        } else if (!skip_word(cursor)) {
            return false;
        }
    } while (depth > 0);
    return true;
}

/*
 * Whether another item follows in an array or object that ends with `close`. `first` says that none
 * came before; `broken` becomes true when the comma between two items is missing.
 */
static bool next_item(struct cursor *cursor, char close, bool *first, bool *broken)
{
    if (take(cursor, close))
        return false;
    if (!*first && !take(cursor, ','))
        *broken = true;
    *first = false;
    return !*broken;
}

/* Compares without case, as licence names are. */
static bool is(struct text text, const char *wanted)
{
    if (text.at == NULL || text.length != strlen(wanted))
        return false;
    for (size_t i = 0; i < text.length; i++)
        if (tolower((unsigned char)text.at[i]) != tolower((unsigned char)wanted[i]))
            return false;
    return true;
}

/* An answer that is being written; `failed` when there was no memory for it. */
struct buffer {
    char *data;
    size_t length;
    size_t capacity;
    bool failed;
};

static void append(struct buffer *buffer, const char *bytes, size_t length)
{
    if (buffer->failed || length > SIZE_MAX / 4) {
        buffer->failed = true;
        return;
    }
    if (buffer->capacity - buffer->length < length) {
        size_t capacity = (buffer->length + length) * 2;
        char *data = capacity <= SIZE_MAX / 4 ? realloc(buffer->data, capacity) : NULL;
        if (data == NULL) {
            buffer->failed = true;
            return;
        }
        buffer->data = data;
        buffer->capacity = capacity;
    }
    memcpy(buffer->data + buffer->length, bytes, length);
    buffer->length += length;
}

static void append_text(struct buffer *buffer, const char *text)
{
    append(buffer, text, strlen(text));
}

/* The answer owns the buffer from here on; give_back frees it. */
static struct flowdown_answer finish(struct buffer *buffer, uint32_t status)
{
    if (buffer->failed) {
        free(buffer->data);
        return (struct flowdown_answer){ 0, NULL, FLOWDOWN_REFUSED };
    }
    return (struct flowdown_answer){ buffer->length, (uint8_t *)buffer->data, status };
}

/* What a card says, as indices into the facts of its artifact. */
#define NOT_FOUND SIZE_MAX

struct statement {
    size_t license;
    size_t license_name;
};

static bool read_fact(struct cursor *cursor, size_t index, struct statement *found)
{
    struct text name = { NULL, 0 }, value = { NULL, 0 };
    bool first = true, broken = false;
    if (!take(cursor, '{'))
        return false;
    while (next_item(cursor, '}', &first, &broken)) {
        struct text key;
        if (!read_string(cursor, &key) || !take(cursor, ':'))
            return false;
        struct text *text = is(key, "name") ? &name : is(key, "value") ? &value : NULL;
        /* A value that is no text, like a list of licences, states something else. */
        bool is_wanted = text != NULL && peek(cursor) == '"';
        if (!(is_wanted ? read_string(cursor, text) : skip_value(cursor)))
            return false;
    }
    if (found->license == NOT_FOUND && is(name, "card.license") && is(value, "other"))
        found->license = index;
    if (found->license_name == NOT_FOUND && is(name, "card.license-name") &&
        is(value, "acme-model-1.0"))
        found->license_name = index;
    return !broken;
}

static bool read_facts(struct cursor *cursor, struct statement *found)
{
    bool first = true, broken = false;
    if (!take(cursor, '['))
        return false;
    for (size_t index = 0; next_item(cursor, ']', &first, &broken); index++)
        if (!read_fact(cursor, index, found))
            return false;
    return !broken;
}

static void append_resolution(struct buffer *out, struct text id, struct statement found)
{
    char evidence[96];
    int length = snprintf(evidence, sizeof evidence, "{\"fact\":%zu},{\"fact\":%zu}",
                          found.license, found.license_name);
    if (out->length > 0 && out->data[out->length - 1] == '}')
        append_text(out, ",");
    append_text(out, "{\"id\":\"");
    append(out, id.at, id.length);
    append_text(out, "\",\"claims\":[{\"stated\":\"acme-model-1.0\","
                     "\"candidates\":[\"acme-model-1.0\"],\"basis\":\"declared\",\"evidence\":[");
    append(out, evidence, (size_t)length);
    append_text(out, "]}]}");
}

static bool resolve_artifact(struct cursor *cursor, struct buffer *out)
{
    struct text id = { NULL, 0 };
    struct statement found = { NOT_FOUND, NOT_FOUND };
    bool first = true, broken = false;
    if (!take(cursor, '{'))
        return false;
    while (next_item(cursor, '}', &first, &broken)) {
        struct text key;
        if (!read_string(cursor, &key) || !take(cursor, ':'))
            return false;
        bool read = is(key, "id")      ? read_string(cursor, &id)
                    : is(key, "facts") ? read_facts(cursor, &found)
                                       : skip_value(cursor);
        if (!read)
            return false;
    }
    if (id.at != NULL && found.license != NOT_FOUND && found.license_name != NOT_FOUND)
        append_resolution(out, id, found);
    return !broken;
}

static bool resolve(struct cursor *cursor, struct buffer *out)
{
    bool first = true, broken = false;
    if (!take(cursor, '{'))
        return false;
    append_text(out, "{\"artifacts\":[");
    while (next_item(cursor, '}', &first, &broken)) {
        struct text key;
        if (!read_string(cursor, &key) || !take(cursor, ':'))
            return false;
        if (!is(key, "artifacts")) {
            if (!skip_value(cursor))
                return false;
            continue;
        }
        bool first_artifact = true;
        if (!take(cursor, '['))
            return false;
        while (next_item(cursor, ']', &first_artifact, &broken))
            if (!resolve_artifact(cursor, out))
                return false;
    }
    append_text(out, "]}");
    return !broken && peek(cursor) == 0 && cursor->at == cursor->end;
}

static struct flowdown_answer describe(void)
{
    struct buffer out = { NULL, 0, 0, false };
    append_text(&out, DESCRIPTOR);
    return finish(&out, FLOWDOWN_OK);
}

static struct flowdown_answer call(uint32_t operation, struct flowdown_bytes input)
{
    struct buffer out = { NULL, 0, 0, false };
    if (operation != FLOWDOWN_RESOLVE)
        return finish(&out, FLOWDOWN_UNKNOWN_OPERATION);
    const char *start = input.length > 0 ? (const char *)input.data : "";
    struct cursor cursor = { start, start + input.length };
    if (resolve(&cursor, &out))
        return finish(&out, FLOWDOWN_OK);
    char place[64];
    out.length = 0;
    (void)snprintf(place, sizeof place, "at byte %zu", (size_t)(cursor.at - start));
    append_text(&out, "the request is not the JSON that version 1 sends, ");
    append_text(&out, place);
    return finish(&out, FLOWDOWN_REFUSED);
}

static void give_back(struct flowdown_answer answer)
{
    free(answer.data);
}

FLOWDOWN_EXPORT const struct flowdown_plugin_v1 flowdown_plugin_v1_acme_c = {
    .size = sizeof(struct flowdown_plugin_v1),
    .abi_major = FLOWDOWN_ABI_MAJOR,
    .abi_minor = FLOWDOWN_ABI_MINOR,
    .describe = describe,
    .call = call,
    .free = give_back,
};
