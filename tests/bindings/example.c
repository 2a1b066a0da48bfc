/* Scores and crops photos from C: example MODEL PHOTO... */
#include <stdio.h>

#include <piaa/c_api.h>

static int complain(void) {
    fprintf(stderr, "example: %s\n", piaa_last_error());
    return 1;
}

static int tell(const piaa_model* model, const char* path) {
    piaa_photo* photo = NULL;
    piaa_score_result score = {.size = sizeof score};
    piaa_crop_options square = {.size = sizeof square};
    piaa_crop_result crop = {.size = sizeof crop};
    size_t crops = 0;
    int failed;

    square.aspect = "1:1";
    square.count = 1;
    square.straighten = 1;
    failed = piaa_open_file(model, path, PIAA_FOR_ALL, &photo) != PIAA_OK ||
             piaa_score(model, photo, &score) != PIAA_OK ||
             piaa_crop(model, photo, &square, &crop, 1, &crops, NULL) != PIAA_OK;
    if (!failed)
        printf("%s %.17g %d %d,%d %dx%d of %dx%d turned by %.17g\n", path, score.score, (int)score.stars,
               (int)crop.x, (int)crop.y, (int)crop.width, (int)crop.height, (int)crop.frame_width,
               (int)crop.frame_height, crop.angle);
    piaa_close(photo);
    return failed ? complain() : 0;
}

int main(int argc, char** argv) {
    piaa_load_options options = {.size = sizeof options};
    piaa_model* model = NULL;
    int failed = 0;
    int i;

    if (argc < 3) {
        fprintf(stderr, "example: use: example MODEL PHOTO...\n");
        return 2;
    }
    options.model = argv[1];
    options.device = "cpu";
    if (piaa_load(&options, &model) != PIAA_OK) return complain();
    for (i = 2; i < argc; ++i) failed |= tell(model, argv[i]);
    piaa_release(model);
    return failed;
}
