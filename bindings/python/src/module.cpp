// The engine as Python sees it: JSON out, so that every front end has the same records; piaa/__init__.py
// makes objects of it.
#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>
#include <nlohmann/json.hpp>

#include <piaa/error.h>
#include <piaa/piaa.h>

#include "answers/learning_model.h"
#include "answers/opened_photo.h"
#include "answers/photo_answers.h"
#include "photos/image_file.h"
#include "report/profile_record.h"
#include "report/report.h"

namespace nb = nanobind;
using namespace nb::literals;
using namespace piaa;

namespace {

using Pixels = nb::ndarray<const std::uint8_t, nb::shape<-1, -1, 3>, nb::c_contig, nb::device::cpu>;

using LookedAt = cli::OpenedPhoto;

const char* name_of(ErrorCode code) {
    switch (code) {
        case ErrorCode::bad_argument:
            return "bad_argument";
        case ErrorCode::bad_image:
            return "bad_image";
        case ErrorCode::bad_model:
            return "bad_model";
        case ErrorCode::bad_profile:
            return "bad_profile";
        case ErrorCode::bad_preset:
            return "bad_preset";
        case ErrorCode::bad_data:
            return "bad_data";
        case ErrorCode::io:
            return "io";
        case ErrorCode::device:
            return "device";
        case ErrorCode::cancelled:
            return "cancelled";
    }
    return "unknown";
}

/// Paths are the system's bytes.
std::string text_of(const nb::bytes& bytes) {
    return {bytes.c_str(), bytes.size()};
}

class EngineModel {
public:
    EngineModel(const std::string& model, const nb::bytes& user, const std::string& device,
                const nb::bytes& prior)
        : model_({.model = model, .device = device, .user = text_of(user), .prior = text_of(prior)}) {}

    LookedAt open_file(const nb::bytes& path, const std::string& id, bool maps) const {
        const std::string file = text_of(path);
        const nb::gil_scoped_release release;
        return look_in(file, id, cli::read_image_bytes(file), maps);
    }

    LookedAt open_bytes(const nb::bytes& sent, const nb::bytes& name, const std::string& id,
                        bool maps) const {
        const std::string file = text_of(name);
        const auto span = std::span(static_cast<const std::byte*>(sent.data()), sent.size());
        const nb::gil_scoped_release release;
        return look_in(file, id, cli::FileBytes(span), maps);
    }

    LookedAt open_pixels(const Pixels& pixels, const nb::bytes& name, const std::string& id,
                         bool maps) const {
        const std::string file = text_of(name);
        const Size size{static_cast<int>(pixels.shape(1)), static_cast<int>(pixels.shape(0))};
        if (pixels.shape(0) * pixels.shape(1) > cli::most_pixels)
            throw Error(ErrorCode::bad_image, "the picture has more than 400 megapixels");
        const std::uint8_t* const first = pixels.data();
        const std::size_t count = pixels.size();
        const nb::gil_scoped_release release;
        const Image image(size, std::vector<std::uint8_t>(first, first + count));
        return look(
            file, id, [&](const Model& model) { return cli::look_at(model, image, maps); }, nullptr);
    }

    std::string score(const LookedAt& photo) const {
        const nb::gil_scoped_release release;
        return cli::json_line(cli::score_answer(*scorer_for(photo), photo.name, photo.features));
    }

    std::string failure(const nb::bytes& path, const std::string& id, const std::string& error) const {
        return cli::json_line(cli::score_failure(*model_.now(), {.file = text_of(path), .id = id}, error));
    }

    std::vector<std::string> crop(const LookedAt& photo, const std::vector<std::string>& presets,
                                  const std::vector<std::string>& aspects, std::size_t count,
                                  const std::vector<std::vector<double>>& keep,
                                  const std::optional<std::vector<double>>& blank, bool faces, double margin,
                                  double min_kept, const std::vector<int>& min_pixels, bool rank,
                                  bool upscale, bool straighten) const {
        const nb::gil_scoped_release release;
        cli::CropRequest request{.presets = presets,
                                 .aspects = aspects,
                                 .count = count,
                                 .faces = faces,
                                 .margin = margin,
                                 .min_kept = min_kept,
                                 .rank = rank,
                                 .straighten = straighten,
                                 .upscale = upscale};
        for (const auto& box : keep) request.keep.push_back({box_of(box), pixels_in(box)});
        if (blank) request.blank = box_of(*blank);
        if (min_pixels.size() == 2) request.min_pixels = {min_pixels[0], min_pixels[1]};
        std::vector<std::string> lines;
        for (const auto& record : cli::crop_answers(*scorer_for(photo), photo.name, photo.features, request,
                                                    photo.lines_for(request)))
            lines.push_back(cli::json_line(record));
        return lines;
    }

    std::string explain(const LookedAt& photo) const {
        const nb::gil_scoped_release release;
        return cli::json_line(photo.explained(*scorer_for(photo)));
    }

    void rate(const LookedAt& photo, double stars) {
        const nb::gil_scoped_release release;
        scorer_for(photo);
        model_.rate(photo.features, stars);
    }

    void save(const nb::bytes& path) {
        const std::string file = text_of(path);
        const nb::gil_scoped_release release;
        model_.save(file);
    }

    std::optional<std::string> profile() const {
        const auto scorer = model_.now();
        if (!scorer->is_personal()) return std::nullopt;
        return cli::json_line(cli::profile_record(*scorer->profile()));
    }

    std::string name() const { return model_.now()->model().info().name; }

private:
    static Box box_of(const std::vector<double>& sides) {
        if (sides.size() != 4) throw Error(ErrorCode::bad_argument, "a box should be x, y, width, height");
        return {sides[0], sides[1], sides[2], sides[3]};
    }

    static bool pixels_in(const std::vector<double>& sides) {
        return !sides.empty() && *std::max_element(sides.begin(), sides.end()) > 1;
    }

    LookedAt look_in(const std::string& file, const std::string& id, cli::FileBytes&& read, bool maps) const {
        const auto bytes = std::make_shared<const cli::FileBytes>(std::move(read));
        return look(
            file, id, [&](const Model& model) { return cli::look_at(model, *bytes, file, maps); }, bytes);
    }

    /// bytes: of the photo's file; null where it has none.
    template <typename Look>
    LookedAt look(const std::string& file, const std::string& id, Look look,
                  const std::shared_ptr<const cli::FileBytes>& bytes) const {
        const auto scorer = model_.now();
        // Before anything is made of the name: when a later member throws, g++ 12 destroys an earlier one in
        // braces twice.
        Features features = look(scorer->model());
        return {{.file = file, .id = id, .bytes = bytes}, std::move(features), *scorer};
    }

    /// The model as it is now, which has to be the one that looked at the photo.
    std::shared_ptr<const PersonalModel> scorer_for(const LookedAt& photo) const {
        auto scorer = model_.now();
        if (scorer->model().info().hash != photo.model_hash)
            throw Error(ErrorCode::bad_argument, "the photo was opened for another model than " + name());
        return scorer;
    }

    cli::LearningModel model_;
};

/// Raises piaa.Error(sentence, code), which piaa/__init__.py hands in.
void translate_errors(const nb::object& type) {
    nb::register_exception_translator(
        [](const std::exception_ptr& thrown, void* error) {
            try {
                std::rethrow_exception(thrown);
            } catch (const Error& problem) {
                const nb::tuple arguments = nb::make_tuple(problem.what(), name_of(problem.code()));
                PyErr_SetObject(static_cast<PyObject*>(error), arguments.ptr());
            }
        },
        nb::object(type).release().ptr());
}

}  // namespace

NB_MODULE(_piaa, module) {
    module.def("translate_errors", &translate_errors);
    module.def("version", [] { return std::string(piaa::version()); });
    nb::class_<LookedAt>(module, "Photo")
        .def_prop_ro("content_id", [](const LookedAt& photo) { return photo.features.content_id; })
        .def_prop_ro("width", [](const LookedAt& photo) { return photo.features.photo.width; })
        .def_prop_ro("height", [](const LookedAt& photo) { return photo.features.photo.height; })
        .def_prop_ro("has_maps", [](const LookedAt& photo) { return !photo.features.maps.empty(); });
    nb::class_<EngineModel>(module, "Model")
        .def(nb::init<const std::string&, const nb::bytes&, const std::string&, const nb::bytes&>())
        .def("open_file", &EngineModel::open_file)
        .def("open_bytes", &EngineModel::open_bytes)
        .def("open_pixels", &EngineModel::open_pixels, "pixels"_a.noconvert(), "name"_a, "id"_a, "maps"_a)
        .def("score", &EngineModel::score)
        .def("failure", &EngineModel::failure)
        .def("crop", &EngineModel::crop)
        .def("explain", &EngineModel::explain)
        .def("rate", &EngineModel::rate)
        .def("save", &EngineModel::save)
        .def("profile", &EngineModel::profile)
        .def("name", &EngineModel::name);
}
