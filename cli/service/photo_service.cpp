#include "service/photo_service.h"

#include <algorithm>
#include <atomic>
#include <ctime>
#include <optional>
#include <utility>

#include <boost/filesystem/operations.hpp>
#include <malloc.h>
#include <nlohmann/json.hpp>

#include <piaa/cut_out.h>
#include <piaa/level.h>
#include <piaa/piaa.h>
#include <piaa/whole_file.h>

#include "answers/photo_answers.h"
#include "limits/machine_limits.h"
#include "photos/file_hash.h"
#include "photos/image_file.h"
#include "report/profile_record.h"
#include "report/report.h"
#include "report/score_row.h"
#include "run/photo_lines.h"
#include "run/photo_pipeline.h"
#include "run/worker_results.h"
#include "service/problem.h"

using Json = nlohmann::ordered_json;

namespace piaa::cli {
namespace {

std::string parameters_of(PhotoService::Question question) {
    const std::string photo = "id path url profile";
    if (question == PhotoService::Question::score) return photo + ' ' + score_parameters;
    return question == PhotoService::Question::crop ? photo + ' ' + crop_parameters : photo;
}

/// What a crop is answered by: pictures only for crops.
enum class Shape { rows, picture, poster };

Shape shape_of(PhotoService::Question question, const Query& query) {
    if (question != PhotoService::Question::crop) return Shape::rows;
    const double any = wish_for(query, "image/*").value_or(0);
    const auto svg = wish_for(query, "image/svg+xml");
    // Text shows in nothing else.
    if (query.parameters.contains("text") && svg.value_or(any) > 0) return Shape::poster;
    const double poster = svg.value_or(0);
    const double picture = wish_for(query, "image/jpeg").value_or(any);
    if (std::max(poster, picture) <= 0 || wish_for_json(query) > std::max(poster, picture))
        return Shape::rows;
    return poster >= picture ? Shape::poster : Shape::picture;
}

/// The best crop of the first format, and its size in pixels where it has one.
struct BestCrop {
    CropCandidate crop;
    std::optional<Size> size;
    double angle = 0;  ///< of the frame in which it lies
};

BestCrop best_of(const Scorer& eye, const Photo& source, const Features& features,
                 const CropRequest& request) {
    const auto lines = request.straighten ? picture_for_lines(source, features) : std::nullopt;
    const auto formats = requested_formats(request);
    std::atomic<bool> faces = request.faces;
    auto found = find_photo_crops(request, formats, eye, features, faces, lines);
    return {std::move(found.results.front().crops.front()), formats.front().size, found.angle()};
}

/// The same for the same bytes, model, person and parameters.
std::string tag_of(const FileBytes& bytes, const PersonalModel& eye, const std::string& what,
                   const Query& query) {
    const auto span = bytes.span();
    std::string all = sha256_of({reinterpret_cast<const char*>(span.data()), span.size()});
    const Provenance from = eye.provenance();
    all += from.model_hash + ' ' + from.profile_hash + ' ' + from.version + ' ' + what;
    for (const auto& [name, value] : query.parameters) all += '\n' + name + '=' + value;
    return '"' + sha256_of(all).substr(0, 32) + '"';
}

WorkPlan plan_of(const ServiceOptions& options) {
    return plan_work(options.jobs, options.memory, machine_limits());
}

/// Bodies that wait and photos that are decoded come and go in any order here, and by themselves leave more
/// and more holes in the heap: under 64 clients 230 of its 270 MB were free. Blocks from 1 MB on therefore go
/// back to the system at once. That it zeroes them anew costs 6 to 8 % of the rate of `lite` and nothing that
/// could be measured with `best`.
void give_back_large_blocks() {
    ::mallopt(M_MMAP_THRESHOLD, 1 << 20);
    ::mallopt(M_TRIM_THRESHOLD, 32 << 20);
}

}  // namespace

PhotoService::PhotoService(const ServiceOptions& options)
    : options_(options),
      jobs_(plan_of(options).jobs),
      profiles_(options.profiles),
      fetcher_(options.hosts, options.largest, options.time_limit),
      gate_(static_cast<std::size_t>(jobs_), options.queue) {
    for (int i = 0; i < jobs_; ++i) limits_.emplace_back(options.time_limit);
    const WorkPlan plan = plan_of(options);
    limit_decoding_memory(plan.decoding, plan.strict);
}

void PhotoService::start() {
    auto scorer = std::make_shared<const Scorer>(options_.scorer);
    auto people = std::make_unique<People>(*scorer, options_.scorer.prior);
    give_back_large_blocks();  // only now, because the network's runtime sets the same
    const std::lock_guard lock(mutex_);
    people_ = std::move(people);
    scorer_ = std::move(scorer);
}

std::shared_ptr<const Scorer> PhotoService::scorer() const {
    const std::lock_guard lock(mutex_);
    return scorer_;
}

std::shared_ptr<const Scorer> PhotoService::started() const {
    auto scorer = this->scorer();
    if (!scorer) throw Problem{503, "the model is being loaded"};
    return scorer;
}

std::shared_ptr<const Scorer> PhotoService::eye_of(const std::string& profile) {
    auto scorer = started();
    if (profile.empty()) return scorer;
    const auto file = profiles_.existing(profile);
    try {
        return people_->of(file);
    } catch (const Error& error) {
        throw problem_of(called(error, file, profile));
    }
}

std::shared_ptr<const FileBytes> PhotoService::bytes_of(const Photo& photo) const {
    if (photo.bytes) return photo.bytes;
    if (!photo.url.empty()) return fetcher_.fetch(photo.url, [this] { return ending_.load(); });
    const auto file = below_root(options_.root, photo.file);
    try {
        return std::make_shared<const FileBytes>(read_image_bytes(file));
    } catch (const Error& error) {
        throw called(error, file, photo.file.string());
    }
}

Features PhotoService::look(const WorkGate::Pass& pass, const Model& model,
                            const std::shared_ptr<const FileBytes>& bytes, const std::string& name,
                            bool maps) {
    if (bytes->span().empty()) throw Problem{400, name + ": is empty and should be a photo"};
    const auto begin = std::chrono::steady_clock::now();
    try {
        auto photo = limits_[pass.place()].run(name, [bytes, name, model] {
            return decode_image(*bytes, name, [&](Size size) { return decode_size(model, size); });
        });
        Features features = look_at(model, photo.image, maps);
        features.photo = photo.photo;
        metrics_.photo(true);
        return features;
    } catch (const Error& error) {
        metrics_.photo(false);
        if (std::chrono::steady_clock::now() - begin >= options_.time_limit) throw Problem{504, error.what()};
        const bool known = image_format(bytes->span()).has_value();
        if (error.code() == ErrorCode::bad_image && !known) throw Problem{415, error.what()};
        throw problem_of(error);
    }
}

std::string PhotoService::row(Question question, const Scorer& eye, const Photo& photo, const Photo& source,
                              const Features& features, const CropRequest& request) const {
    if (question == Question::score) return json_line(score_answer(eye, photo, features)) + '\n';
    if (question == Question::explain) {
        const std::string sharpness = sharpness_of(eye.model(), source, features);
        const Features both = seen_both_ways(eye.model(), features);
        return json_line(explain_answer(eye, photo, both, sharpness)) + '\n';
    }
    const auto lines = request.straighten ? picture_for_lines(source, features) : std::nullopt;
    std::string rows;
    for (const Json& record : crop_answers(eye, photo, features, request, lines))
        rows += json_line(record) + '\n';
    return rows;
}

Reply PhotoService::best_crop(const Scorer& eye, const Photo& source, const Features& features,
                              const CropRequest& request) {
    const auto [best, size, angle] = best_of(eye, source, features, request);
    const Image whole = decode_image(*source.bytes, source.file, [](Size size) { return size; }).image;
    Image crop = angle == 0 ? cut_out(whole, best.box) : levelled(whole, angle, best.box);
    if (size && crop.size() != *size) crop = resized(crop, *size);
    return {"image/jpeg", encode_jpeg(crop, 92)};
}

Reply PhotoService::poster(const Scorer& eye, const Photo& source, const Features& features,
                           const CropRequest& request, const PosterTexts& texts) {
    const auto [best, size, angle] = best_of(eye, source, features, request);
    return {"image/svg+xml", poster_svg(source, features.photo, best, size, texts, angle)};
}

Reply PhotoService::answer(Question question, Query query) {
    started();
    try {
        const Photo photo = asked_photo(query);
        allow_parameters(query, parameters_of(question));
        const CropRequest request = question == Question::crop ? asked_crops(query) : CropRequest();
        const auto formats = question == Question::crop ? asked_formats(request) : std::vector<CropFormat>();
        const Shape shape = shape_of(question, query);
        const PosterTexts texts = asked_texts(query, shape == Shape::poster);
        if (!texts.empty()) check_room({formats.front()}, texts, "'blank'");
        if (truth_of(query, "soft-subject", false))
            throw Problem{400, "'soft-subject' compares the photos of lines: send application/x-ndjson"};
        const auto eye = eye_of(photo.profile.string());
        const auto bytes = bytes_of(photo);
        const std::string tag =
            tag_of(*bytes, *eye,
                   std::to_string(static_cast<int>(question)) + ' ' + std::to_string(static_cast<int>(shape)),
                   query);
        if (knows(query, tag)) return {"", "", tag, 304};
        const WorkGate::Pass pass(gate_);
        if (!pass) throw Problem{429, "too many requests wait for work already"};
        const std::string name = photo.file.empty() ? "the photo" : photo.file.string();
        const Features features = look(pass, eye->model(), bytes, name, question != Question::score);
        const Photo source{.file = name, .bytes = bytes};
        Reply reply = shape == Shape::picture ? best_crop(*eye, source, features, request)
                      : shape == Shape::poster
                          ? poster(*eye, source, features, request, texts)
                          : Reply{"application/json", row(question, *eye, photo, source, features, request)};
        if (question == Question::crop && shape == Shape::rows) reply.type = "application/x-ndjson";
        reply.tag = tag;
        return reply;
    } catch (const Error& error) {
        throw problem_of(error);
    }
}

Reply PhotoService::version() const {
    const auto scorer = started();
    Json json = {{"name", "piaa-batch"}, {"schema", score_row_schema}};
    add_provenance(json, *scorer);
    json["device"] = scorer->model().device();
    return {"application/json", json_line(json) + '\n'};
}

Reply PhotoService::metrics() const {
    return {"text/plain; version=0.0.4", metrics_.text(gate_.busy(), gate_.waiting())};
}

Reply PhotoService::profile(const std::string& name, const Query& query) const {
    const auto file = profiles_.existing(name);
    try {
        const double whole = wish_for(query, "application/octet-stream").value_or(0);
        if (whole > 0 && whole >= wish_for_json(query)) {
            const FileBytes bytes(file);
            const auto span = bytes.span();
            return {"application/octet-stream", {reinterpret_cast<const char*>(span.data()), span.size()}};
        }
        return {"application/json", json_line(profile_record(load_profile(file))) + '\n'};
    } catch (const Error& error) {
        throw problem_of(called(error, file, name));
    }
}

Reply PhotoService::put_profile(const std::string& name, const Query& query) {
    profiles_.put(name, query.body, started()->model());
    return profile(name, {});
}

Reply PhotoService::rate(const std::string& name, Query query) {
    const auto scorer = started();
    const auto file = profiles_.file(name);
    try {
        const Photo photo = asked_photo(query);
        allow_parameters(query, "id path url stars");
        if (!query.parameters.contains("stars"))
            throw Problem{400, "'stars' is missing and should be 1 to 5"};
        const std::string text = parameter(query, "stars");
        const double stars = Json::parse(text, nullptr, false).is_number() ? std::stod(text) : 0;
        if (!(stars >= 1 && stars <= 5)) throw Problem{400, "'stars' is '" + text + "' and should be 1 to 5"};
        const auto bytes = bytes_of(photo);
        const WorkGate::Pass pass(gate_);
        if (!pass) throw Problem{429, "too many requests wait for work already"};
        const Features features = look(pass, scorer->model(), bytes, "the photo", false);
        const std::int64_t now = std::time(nullptr);
        boost::system::error_code ignored;
        const auto eye = boost::filesystem::exists(file, ignored) ? people_->of(file) : scorer;
        eye->updated(file, now, [&](PersonalModel& person) { person.rate(features, (stars - 1) / 4, now); });
        return profile(name, {});
    } catch (const Error& error) {
        throw problem_of(called(error, file, name));
    }
}

}  // namespace piaa::cli
