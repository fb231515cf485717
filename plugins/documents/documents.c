/* documents.c — the plugin's table, its options, and its life. */
#include "documents.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

static const struct fq_option options[] = {
    {.name = "templates",
        .kind = FQ_OPTION_TEXT,
        .help =
            N_("folder of the templates; else the folder document-templates beside the plugin")},
    {.name = "font",
        .kind = FQ_OPTION_TEXT,
        .otherwise =
            "Noto Serif CJK SC, Source Han Serif SC, FangSong, SimSun, AR PL UMing CN, serif",
        .help = N_("fonts of the PDF in order of preference, by their family names")},
    {.name = "prepare",
        .kind = FQ_OPTION_FLAG,
        .otherwise = "false",
        .help =
            N_("number a paper as soon as a step asks for it, and note what it lacks; else when "
               "a person prints it, so that the step can still be taken back")},
    {0},
};

/* The folder "document-templates" beside this library. */
static void own_folder(char *out, size_t size)
{
    Dl_info info;
    const char *file = dladdr(&fq_plugin, &info) != 0 ? info.dli_fname : "";
    const char *slash = strrchr(file, '/');
    snprintf(out, size, "%.*s/document-templates", slash == NULL ? 1 : (int)(slash - file),
        slash == NULL ? "." : file);
}

static void documents_close(void *self)
{
    struct documents *d = self;
    templates_free(d->templates);
    free(d->fonts);
    d->host->free(d->host, d);
}

static int documents_open(const struct fq_host *host, void **self_out, char *error, size_t size)
{
    char folder[1024];
    struct documents *d = host->alloc(host, sizeof(*d));
    d->host = host;
    struct fq_text fonts = host->option_text(host, "font");
    struct fq_text named = host->option_text(host, "templates");
    d->fonts = strndup(fonts.data, fonts.len);
    d->prepares = host->option_number(host, "prepare") != 0;
    own_folder(folder, sizeof folder);
    if (!FQ_HAS(host, call_fail)) {
        snprintf(error, size, "%s", said(d, N_("needs a newer daemon")));
    } else if (!fonts_have_chinese(d->fonts)) {
        snprintf(error, size, said(d, N_("no font for Chinese is installed among: %s")), d->fonts);
    } else {
        d->templates = templates_load(named.len > 0 ? named.data : folder, error, size);
    }
    if (d->templates == NULL) {
        documents_close(d);
        return FQ_ERROR;
    }
    *self_out = d;
    return FQ_OK;
}

static const struct fq_param list_params[] = {
    {.name = "case", .kind = FQ_PARAM_TEXT, .required = 1, .help = N_("case number")}, {0}};

static const struct fq_param make_params[] = {
    {.name = "case", .kind = FQ_PARAM_TEXT, .required = 1, .help = N_("case number")},
    {.name = "template",
        .kind = FQ_PARAM_TEXT,
        .required = 1,
        .help = N_("the document, by name or title")},
    {.name = "format", .kind = FQ_PARAM_TEXT, .help = N_("html, pdf or both")},
    {.name = "draft",
        .kind = FQ_PARAM_FLAG,
        .help = N_("without a number; what is missing becomes lines to fill by hand")},
    {0},
};

static const struct fq_method methods[] = {
    {.name = "documents.list",
        .right = "case.read",
        .handle = documents_list,
        .summary = N_("The documents of a case: made, ready, and what is missing."),
        .params = list_params,
        .param_size = sizeof(list_params[0]),
        .example = "{\"case\":\"26-1\"}",
        .example_result = "{\"items\":[]}"},
    {.name = "documents.make",
        .right = "case.read",
        .handle = documents_make,
        .summary = N_("Makes a document of a case as HTML or PDF."),
        .params = make_params,
        .param_size = sizeof(make_params[0]),
        .example = "{\"case\":\"26-1\",\"template\":\"mediation_agreement\",\"format\":\"pdf\"}",
        .example_result = "{\"title\":\"人民调解协议书\"}"},
    {0},
};

const struct fq_plugin fq_plugin = {
    .abi = FQ_ABI,
    .size = sizeof(struct fq_plugin),
    .name = "documents",
    .version = "1.0",
    .needs = (const char *const[]){"work", "rpc", "effect", "method", NULL},
    .options = options,
    .option_size = sizeof(options[0]),
    .methods = methods,
    .method_size = sizeof(methods[0]),
    .effects = (const char *const[]){"document", NULL},
    .open = documents_open,
    .close = documents_close,
    .handle_effect = documents_effect,
};
