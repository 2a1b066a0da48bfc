#ifndef PIAA_C_API_H
#define PIAA_C_API_H

/* PIAA from C, and from every language that calls C. Links: -lpiaa_c.
 *
 * Handles are opaque; each is given back by the function named beside it, which takes NULL too. Structs start
 * with `size`, which the caller sets to sizeof the struct: later versions add fields at the end, and fill or
 * read no more than the caller's. Text is UTF-8 where it comes out, paths are the system's bytes. Every
 * function that can fail returns a piaa_status; piaa_last_error() then has the sentence. A model may be used
 * from several threads at once, a photo too; whoever rates waits until the others are done. */

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PIAA_C_API __attribute__((visibility("default")))

/* Raised when a function or field goes or changes its meaning, which makes another libpiaa_c.so.N. */
#define PIAA_C_API_VERSION 1

typedef enum piaa_status {
    PIAA_OK = 0,
    PIAA_BAD_ARGUMENT =
        1,              /* a value that cannot be used, NULL, or a struct smaller than the first version's */
    PIAA_BAD_IMAGE = 2, /* a picture that cannot be read or is refused */
    PIAA_BAD_MODEL = 3, /* a model that is damaged, not ours or not installed */
    PIAA_BAD_PROFILE = 4, /* a profile that is damaged or of another model */
    PIAA_BAD_PRESET = 5,  /* a crop format that breaks the schema, or is not there */
    PIAA_BAD_DATA = 6,
    PIAA_IO = 7,     /* the system refused to read or write */
    PIAA_DEVICE = 8, /* the device is not there or ran out of memory */
    PIAA_CANCELLED = 9,
    PIAA_NO_MEMORY = 10,
    PIAA_FAILED = 11 /* anything else */
} piaa_status;

/* What went wrong in the last call of this thread that failed; "" before the first. Stays until the next one.
 */
PIAA_C_API const char* piaa_last_error(void);

/* Of the library: "0.1.0". */
PIAA_C_API const char* piaa_version(void);

/* PIAA_C_API_VERSION of the library that runs, to compare with that of the header. */
PIAA_C_API int32_t piaa_c_api_version(void);

/* Text that a function made for the caller. */
PIAA_C_API void piaa_free(char* text);

/* ---- a model, and a person or nobody ---- */

typedef struct piaa_model piaa_model;

typedef struct piaa_load_options {
    size_t size;
    const char* model;  /* a shipped model's name or a file; NULL for the profile's, or the default one */
    const char* user;   /* a profile, such as "me.pt"; NULL for people in general */
    const char* device; /* "auto", "cpu", "cuda", "cuda:1"; NULL for "auto" */
    const char* prior;  /* NULL for the shipped one */
} piaa_load_options;

/* options: NULL for all as it is. */
PIAA_C_API piaa_status piaa_load(const piaa_load_options* options, piaa_model** model);
PIAA_C_API void piaa_release(piaa_model* model);

/* What the profile holds, as `piaa-batch profile show --format json` says it, without likes.
 * PIAA_BAD_ARGUMENT for people in general. Give the text back with piaa_free(). */
PIAA_C_API piaa_status piaa_profile(const piaa_model* model, char** json);

/* ---- a photo, looked at by one model ---- */

typedef struct piaa_photo piaa_photo;

enum {
    PIAA_FOR_SCORE = 0, /* enough for piaa_score() and piaa_rate() */
    PIAA_FOR_ALL = 1    /* for piaa_crop() and piaa_explain() too; takes more memory */
};

/* From a file of any format that piaa-batch reads. */
PIAA_C_API piaa_status piaa_open_file(const piaa_model* model, const char* path, int32_t use,
                                      piaa_photo** photo);

/* From the bytes of such a file. name: for errors and records; NULL for "". */
PIAA_C_API piaa_status piaa_open_bytes(const piaa_model* model, const void* bytes, size_t length,
                                       const char* name, int32_t use, piaa_photo** photo);

typedef struct piaa_pixels {
    size_t size;
    const uint8_t* rgb; /* 8-bit sRGB, three values a pixel, row by row from the top left */
    int32_t width;
    int32_t height;
    size_t row_bytes; /* from one row to the next; 0 for 3 * width */
    const char* name; /* for records; NULL for "" */
} piaa_pixels;

/* From pixels as people see them: turned upright, without transparency. */
PIAA_C_API piaa_status piaa_open_pixels(const piaa_model* model, const piaa_pixels* pixels, int32_t use,
                                        piaa_photo** photo);

PIAA_C_API void piaa_close(piaa_photo* photo);

/* ---- what is said of it ---- */

enum {
    PIAA_FLAG_FLAT = 1,
    PIAA_FLAG_TINY = 2,
    PIAA_FLAG_NOISE = 4,
    PIAA_FLAG_DOCUMENT = 8,
    PIAA_FLAG_GRAPHIC = 16,
    PIAA_FLAG_SCREENSHOT = 32
};

typedef struct piaa_score_result {
    size_t size;
    double score;   /* 1 to 10; personal with a profile */
    double generic; /* what people in general would say */
    double trust;   /* 0 to 1; 0 without a profile */
    double spread;  /* standard deviation of the ratings that people would give */
    int32_t stars;  /* 1 to 5; 0 for none, of a flagged picture */
    uint32_t flags; /* PIAA_FLAG_... */
} piaa_score_result;

PIAA_C_API piaa_status piaa_score(const piaa_model* model, const piaa_photo* photo,
                                  piaa_score_result* result);

/* The same as a row of `piaa-batch score --format jsonl`. */
PIAA_C_API piaa_status piaa_score_json(const piaa_model* model, const piaa_photo* photo, char** json);

typedef struct piaa_crop_options {
    size_t size;
    const char* preset; /* a named format; NULL for none */
    const char* aspect; /* "4:5", in place of a preset; NULL for any */
    int32_t count;      /* at most so many crops; 0 for 3 */
    int32_t no_faces;   /* not 0: do not look for faces, whose heads stay whole otherwise */
    const double* keep; /* keep_count boxes of x, y, width, height in shares of the photo; NULL for none */
    size_t keep_count;
    const double* blank; /* room for text: x, y, width, height in shares of the crop; NULL for none */
    double margin;       /* 0 to 0.45 */
    double min_kept;     /* 0 to 1 */
    int32_t min_width;   /* pixels */
    int32_t min_height;
    int32_t straighten; /* not 0: level a photo that is surely tilted first; boxes are of the level picture */
    int32_t reserved;   /* 0 */
} piaa_crop_options;

typedef struct piaa_crop_result {
    size_t size;
    int32_t x, y, width, height; /* pixels of the picture that frame_width and frame_height are of */
    double score;                /* how well it frames the photo, 0 to 1 */
    double margin_over_full;     /* its score minus the whole photo's */
    double kept;                 /* share of the photo's area */
    int32_t violations;          /* how many constraints it breaks; piaa_crop_json() names them */
    int32_t reserved;            /* 0 */
    double angle; /* degrees that the level picture's frame is turned clockwise on the photo; 0 for none */
    /* Pixels of the picture in which the box lies: the photo after orientation, or, where angle is not 0, the
     * largest upright frame inside it that is turned by angle about its middle. */
    int32_t frame_width, frame_height;
} piaa_crop_result;

/* The best crops, best first, into an array of `room` structs, whose sizes the caller sets. *count: how many
 * there are, perhaps more than `room`. leave_it: not 0 where the whole photo is the better answer; may be
 * NULL. */
PIAA_C_API piaa_status piaa_crop(const piaa_model* model, const piaa_photo* photo,
                                 const piaa_crop_options* options, piaa_crop_result* crops, size_t room,
                                 size_t* count, int32_t* leave_it);

/* The same as a record of `piaa-batch crop --format jsonl`. */
PIAA_C_API piaa_status piaa_crop_json(const piaa_model* model, const piaa_photo* photo,
                                      const piaa_crop_options* options, char** json);

/* Why the photo has its score, as `piaa-batch explain` writes it as JSON; of pixels without `sharpness`,
 * which is about those of a file. */
PIAA_C_API piaa_status piaa_explain(const piaa_model* model, const piaa_photo* photo, char** json);

/* ---- learning ---- */

/* The person gives the photo 1 to 5 stars, in place of earlier ones of the photo, and the model learns from
 * it; who was nobody before becomes a new person. In memory, until piaa_save(). */
PIAA_C_API piaa_status piaa_rate(piaa_model* model, const piaa_photo* photo, double stars);

/* Adds what was rated since loading or the last save to the profile's file, which other programs may have
 * changed meanwhile and which is made where there is none; its folder has to be there. path: NULL for the
 * file that was loaded or saved last. Another one gets all that the model holds of the person and is the
 * profile's file from then on; PIAA_BAD_ARGUMENT where it is there already. */
PIAA_C_API piaa_status piaa_save(piaa_model* model, const char* path);

#ifdef __cplusplus
}
#endif

#endif
