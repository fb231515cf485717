/* client/media.h — what kind of content a file holds, by the ending of its name. */
#ifndef FQ_CLIENT_MEDIA_H
#define FQ_CLIENT_MEDIA_H

const char *media_of_name(const char *name); /* "application/octet-stream" where it is not known */

#endif
