#include "piaa/c_api.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include <piaa/error.h>
#include <piaa/piaa.h>

#include "answers/learning_model.h"
#include "answers/opened_photo.h"
#include "answers/photo_answers.h"
#include "crops/crop_record.h"
#include "photos/image_file.h"
#include "report/profile_record.h"
#include "report/report.h"

using namespace piaa;

struct piaa_model {
    cli::LearningModel model;
};

struct piaa_photo : cli::OpenedPhoto {
    using OpenedPhoto::OpenedPhoto;
};

namespace {

thread_local std::string last_error;

piaa_status status_of(ErrorCode code) {
    switch (code) {
        case ErrorCode::bad_argument:
            return PIAA_BAD_ARGUMENT;
        case ErrorCode::bad_image:
            return PIAA_BAD_IMAGE;
        case ErrorCode::bad_model:
            return PIAA_BAD_MODEL;
        case ErrorCode::bad_profile:
            return PIAA_BAD_PROFILE;
        case ErrorCode::bad_preset:
            return PIAA_BAD_PRESET;
        case ErrorCode::bad_data:
            return PIAA_BAD_DATA;
        case ErrorCode::io:
            return PIAA_IO;
        case ErrorCode::device:
            return PIAA_DEVICE;
        case ErrorCode::cancelled:
            return PIAA_CANCELLED;
    }
    return PIAA_FAILED;
}

piaa_status fail(piaa_status status, const char* sentence) noexcept {
    try {
        last_error = sentence;
    } catch (...) {
        last_error.clear();
    }
    return status;
}

/// Runs the work; no exception leaves this library.
template <typename Work>
piaa_status guarded(Work work) noexcept {
    try {
        work();
        return PIAA_OK;
    } catch (const Error& error) {
        return fail(status_of(error.code()), error.what());
    } catch (const std::bad_alloc&) {
        return fail(PIAA_NO_MEMORY, "there is not enough memory");
    } catch (const std::exception& error) {
        return fail(PIAA_FAILED, error.what());
    } catch (...) {
        return fail(PIAA_FAILED, "something unknown went wrong");
    }
}

[[noreturn]] void refuse(const std::string& sentence) {
    throw Error(ErrorCode::bad_argument, sentence);
}

template <typename... Pointers>
void require(const char* function, Pointers... pointers) {
    if (((pointers == nullptr) || ...)) refuse(std::string(function) + " was given NULL");
}

void require_size(std::size_t size, std::size_t first_version) {
    if (size < first_version)
        refuse("a struct has size " + std::to_string(size) + " and should have at least " +
               std::to_string(first_version));
}

/// The caller's struct as this version knows it, with zeros for what the caller's is too short for.
template <typename Struct>
Struct known(const Struct* given, std::size_t first_version) {
    Struct whole{};
    if (given == nullptr) return whole;
    require_size(given->size, first_version);
    std::memcpy(&whole, given, std::min(given->size, sizeof whole));
    return whole;
}

/// The answer into the caller's struct, as far as that goes.
template <typename Struct>
void give(Struct answer, Struct* to, std::size_t first_version) {
    require_size(to->size, first_version);
    answer.size = to->size;
    std::memcpy(to, &answer, std::min(to->size, sizeof answer));
}

std::string text_of(const char* text) {
    return text == nullptr ? "" : text;
}

char* copy_of(const std::string& text) {
    auto* copy = static_cast<char*>(std::malloc(text.size() + 1));
    if (copy == nullptr) throw std::bad_alloc();
    std::memcpy(copy, text.c_str(), text.size() + 1);
    return copy;
}

/// The model as it is now, which has to be the one that looked at the photo.
std::shared_ptr<const PersonalModel> scorer_for(const piaa_model& model, const piaa_photo& photo) {
    auto scorer = model.model.now();
    if (scorer->model().info().hash != photo.model_hash)
        refuse("the photo was opened for another model than " + scorer->model().info().name);
    return scorer;
}

bool with_maps(int32_t use) {
    if (use != PIAA_FOR_SCORE && use != PIAA_FOR_ALL) refuse("use should be PIAA_FOR_SCORE or PIAA_FOR_ALL");
    return use == PIAA_FOR_ALL;
}

/// bytes: of the photo's file; null where it has none.
template <typename Look>
piaa_photo* photo_by(const piaa_model& model, const std::string& name, Look look,
                     const std::shared_ptr<const cli::FileBytes>& bytes) {
    const auto scorer = model.model.now();
    // Before anything is made of the name: when a later member throws, g++ 12 destroys an earlier one in
    // braces twice.
    Features features = look(scorer->model());
    return new piaa_photo({.file = name, .bytes = bytes}, std::move(features), *scorer);
}

piaa_photo* photo_in(const piaa_model& model, const std::string& name, cli::FileBytes&& file, int32_t use) {
    const auto bytes = std::make_shared<const cli::FileBytes>(std::move(file));
    const auto look = [&](const Model& network) {
        return cli::look_at(network, *bytes, name, with_maps(use));
    };
    return photo_by(model, name, look, bytes);
}

Image image_of(const piaa_pixels& pixels) {
    if (pixels.rgb == nullptr || pixels.width < 1 || pixels.height < 1)
        refuse("pixels should have a width, a height and values");
    const std::size_t row = static_cast<std::size_t>(pixels.width) * 3;
    const std::size_t step = pixels.row_bytes == 0 ? row : pixels.row_bytes;
    if (step < row) refuse("row_bytes is less than a row");
    if (static_cast<std::size_t>(pixels.width) * static_cast<std::size_t>(pixels.height) > cli::most_pixels)
        throw Error(ErrorCode::bad_image, "the picture has more than 400 megapixels");
    std::vector<std::uint8_t> values(row * static_cast<std::size_t>(pixels.height));
    for (std::size_t y = 0; y < static_cast<std::size_t>(pixels.height); ++y)
        std::memcpy(values.data() + y * row, pixels.rgb + y * step, row);
    return {{pixels.width, pixels.height}, std::move(values)};
}

/// Not for NaN either.
bool within(double value, double low, double high) {
    return value >= low && value <= high;
}

Box box_of(const double* sides, const char* name) {
    const Box box{sides[0], sides[1], sides[2], sides[3]};
    constexpr double over = 1 + 1e-9;  // shares that add up to 1 may come out as a little more
    if (!(within(box.x, 0, 1) && within(box.y, 0, 1) && box.width > 0 && box.height > 0 &&
          box.right() <= over && box.bottom() <= over))
        refuse(std::string(name) + " should be x, y, width, height in shares from 0 to 1, inside the whole");
    return box;
}

void require_maps(const piaa_photo& photo) {
    if (photo.features.maps.empty())
        refuse("the photo was opened with PIAA_FOR_SCORE and should be with PIAA_FOR_ALL");
}

cli::CropRequest request_of(const piaa_crop_options& options) {
    cli::CropRequest request;
    if (options.preset != nullptr && options.aspect != nullptr)
        refuse("preset and aspect are both given and should be one of them");
    if (options.preset != nullptr) request.presets.emplace_back(options.preset);
    if (options.aspect != nullptr) request.aspects.emplace_back(options.aspect);
    if (options.count < 0 || options.count > 100) refuse("count should be 0 to 100");
    if (options.count > 0) request.count = static_cast<std::size_t>(options.count);
    request.faces = options.no_faces == 0;
    if (options.keep_count > 0 && options.keep == nullptr) refuse("keep is NULL and keep_count is not 0");
    for (std::size_t i = 0; i < options.keep_count; ++i)
        request.keep.push_back({box_of(options.keep + 4 * i, "keep")});
    if (options.blank != nullptr) request.blank = box_of(options.blank, "blank");
    if (!within(options.margin, 0, 0.45)) refuse("margin should be 0 to 0.45");
    if (!within(options.min_kept, 0, 1)) refuse("min_kept should be 0 to 1");
    if (options.min_width < 0 || options.min_height < 0)
        refuse("min_width and min_height should be 0 or more");
    if (options.reserved != 0) refuse("reserved should be 0");
    request.margin = options.margin;
    request.min_kept = options.min_kept;
    request.min_pixels = {options.min_width, options.min_height};
    request.straighten = options.straighten != 0;
    return request;
}

// What the structs had in version 1 of this interface.
constexpr std::size_t load_options_1 = 40, pixels_1 = 40, score_result_1 = 48, crop_options_1 = 80,
                      crop_result_1 = 56;
static_assert(sizeof(piaa_load_options) == load_options_1 && sizeof(piaa_pixels) == pixels_1 &&
              sizeof(piaa_score_result) == score_result_1 &&
              offsetof(piaa_crop_options, straighten) == crop_options_1 &&
              offsetof(piaa_crop_result, angle) == crop_result_1);

}  // namespace

extern "C" {

const char* piaa_last_error(void) {
    return last_error.c_str();
}

const char* piaa_version(void) {
    return piaa::version();
}

int32_t piaa_c_api_version(void) {
    return PIAA_C_API_VERSION;
}

void piaa_free(char* text) {
    std::free(text);
}

piaa_status piaa_load(const piaa_load_options* options, piaa_model** model) {
    return guarded([&] {
        require("piaa_load", model);
        *model = nullptr;
        const auto all = known(options, load_options_1);
        *model = new piaa_model{cli::LearningModel({.model = text_of(all.model),
                                                    .device = all.device == nullptr ? "auto" : all.device,
                                                    .user = text_of(all.user),
                                                    .prior = text_of(all.prior)})};
    });
}

void piaa_release(piaa_model* model) {
    delete model;
}

piaa_status piaa_profile(const piaa_model* model, char** json) {
    return guarded([&] {
        require("piaa_profile", model, json);
        const auto scorer = model->model.now();
        if (!scorer->is_personal()) refuse("the model is that of people in general and has no profile");
        *json = copy_of(cli::json_line(cli::profile_record(*scorer->profile())));
    });
}

piaa_status piaa_open_file(const piaa_model* model, const char* path, int32_t use, piaa_photo** photo) {
    return guarded([&] {
        require("piaa_open_file", model, path, photo);
        *photo = nullptr;
        *photo = photo_in(*model, path, cli::read_image_bytes(path), use);
    });
}

piaa_status piaa_open_bytes(const piaa_model* model, const void* bytes, size_t length, const char* name,
                            int32_t use, piaa_photo** photo) {
    return guarded([&] {
        require("piaa_open_bytes", model, bytes, photo);
        *photo = nullptr;
        const std::span sent(static_cast<const std::byte*>(bytes), length);
        *photo = photo_in(*model, text_of(name), cli::FileBytes(sent), use);
    });
}

piaa_status piaa_open_pixels(const piaa_model* model, const piaa_pixels* pixels, int32_t use,
                             piaa_photo** photo) {
    return guarded([&] {
        require("piaa_open_pixels", model, pixels, photo);
        *photo = nullptr;
        const auto all = known(pixels, pixels_1);
        const Image image = image_of(all);
        const auto look = [&](const Model& network) { return cli::look_at(network, image, with_maps(use)); };
        *photo = photo_by(*model, text_of(all.name), look, nullptr);
    });
}

void piaa_close(piaa_photo* photo) {
    delete photo;
}

piaa_status piaa_score(const piaa_model* model, const piaa_photo* photo, piaa_score_result* result) {
    return guarded([&] {
        require("piaa_score", model, photo, result);
        const Score score = scorer_for(*model, *photo)->score(photo->features);
        give({0, score.score, score.generic, score.trust, score.spread, score.stars.value_or(0),
              score.flags.bits()},
             result, score_result_1);
    });
}

piaa_status piaa_score_json(const piaa_model* model, const piaa_photo* photo, char** json) {
    return guarded([&] {
        require("piaa_score_json", model, photo, json);
        *json = copy_of(
            cli::json_line(cli::score_answer(*scorer_for(*model, *photo), photo->name, photo->features)));
    });
}

piaa_status piaa_crop(const piaa_model* model, const piaa_photo* photo, const piaa_crop_options* options,
                      piaa_crop_result* crops, size_t room, size_t* count, int32_t* leave_it) {
    return guarded([&] {
        require("piaa_crop", model, photo, count);
        require_maps(*photo);
        if (room > 0) require("piaa_crop", crops);
        const auto request = request_of(known(options, crop_options_1));
        const auto scorer = scorer_for(*model, *photo);
        std::atomic<bool> faces = request.faces;
        const auto found = cli::find_photo_crops(request, cli::requested_formats(request), *scorer,
                                                 photo->features, faces, photo->lines_for(request));
        const CropResult& result = found.results.front();
        const Size frame = found.seen(photo->features).photo;
        auto* to = reinterpret_cast<std::byte*>(crops);
        for (std::size_t i = 0; i < std::min(room, result.crops.size()); ++i) {
            const CropCandidate& crop = result.crops[i];
            auto* const one = reinterpret_cast<piaa_crop_result*>(to);
            give({0, crop.box.x, crop.box.y, crop.box.width, crop.box.height, crop.score,
                  crop.margin_over_full, crop.kept, static_cast<int32_t>(crop.violations.size()), 0,
                  found.angle(), frame.width, frame.height},
                 one, crop_result_1);
            to += one->size;  // of the caller's version
        }
        *count = result.crops.size();
        if (leave_it != nullptr) *leave_it = result.leave_it;
    });
}

piaa_status piaa_crop_json(const piaa_model* model, const piaa_photo* photo, const piaa_crop_options* options,
                           char** json) {
    return guarded([&] {
        require("piaa_crop_json", model, photo, json);
        require_maps(*photo);
        const auto request = request_of(known(options, crop_options_1));
        const auto records = cli::crop_answers(*scorer_for(*model, *photo), photo->name, photo->features,
                                               request, photo->lines_for(request));
        *json = copy_of(cli::json_line(records.front()));
    });
}

piaa_status piaa_explain(const piaa_model* model, const piaa_photo* photo, char** json) {
    return guarded([&] {
        require("piaa_explain", model, photo, json);
        require_maps(*photo);
        *json = copy_of(cli::json_line(photo->explained(*scorer_for(*model, *photo))));
    });
}

piaa_status piaa_rate(piaa_model* model, const piaa_photo* photo, double stars) {
    return guarded([&] {
        require("piaa_rate", model, photo);
        scorer_for(*model, *photo);
        model->model.rate(photo->features, stars);
    });
}

piaa_status piaa_save(piaa_model* model, const char* path) {
    return guarded([&] {
        require("piaa_save", model);
        if (path != nullptr && *path == '\0') refuse("path is empty and should name a file, or be NULL");
        model->model.save(text_of(path));
    });
}

}  // extern "C"
