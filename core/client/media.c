/* client/media.c — see media.h. */
#include "client/media.h"

#include "base/memory.h"
#include "base/text.h"

#include <stddef.h>

const char *media_of_name(const char *name)
{
    static const struct {
        const char *ending, *media;
    } rows[] = {
        {".pdf", "application/pdf"},
        {".jpg", "image/jpeg"},
        {".jpeg", "image/jpeg"},
        {".png", "image/png"},
        {".txt", "text/plain"},
        {".html", "text/html"},
        {".mp3", "audio/mpeg"},
        {".m4a", "audio/mp4"},
        {".mp4", "video/mp4"},
        {".doc", "application/msword"},
        {".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
        {".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
        {".ofd", "application/ofd"},
        {".zip", "application/zip"},
    };
    char *folded = text_fold(name);
    const char *media = "application/octet-stream";
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        media = text_ends(folded, rows[i].ending) ? rows[i].media : media;
    }
    mem_free(folded);
    return media;
}
