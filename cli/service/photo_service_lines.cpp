// Bodies of many photos, one on each line.

#include <algorithm>
#include <atomic>

#include <nlohmann/json.hpp>

#include <piaa/error.h>

#include "answers/photo_answers.h"
#include "report/json_rows.h"
#include "report/report.h"
#include "report/score_row.h"
#include "run/photo_lines.h"
#include "run/photo_pipeline.h"
#include "run/pick_rows.h"
#include "run/soft_subjects.h"
#include "run/worker_results.h"
#include "service/photo_service.h"
#include "service/problem.h"

using Json = nlohmann::ordered_json;

namespace piaa::cli {
namespace {

/// The photos of a body, in the order of its lines.
PhotoSource photos_in(const std::string& body) {
    auto start = std::make_shared<std::size_t>(0);
    auto number = std::make_shared<std::size_t>(0);
    return [&body, start, number]() -> std::optional<Photo> {
        if (*start >= body.size()) return std::nullopt;
        const auto end = std::min(body.find('\n', *start), body.size());
        const std::string line = body.substr(*start, end - *start);
        *start = end + 1;
        return photo_of_line(line, {.urls = true}, ++*number);
    };
}

/// The row for a line without an answer.
std::string failure(PhotoService::Question question, const PersonalModel& eye, const Photo& photo,
                    const std::string& error, const CropRequest& request) {
    if (question == PhotoService::Question::score) return json_line(score_failure(eye, photo, error)) + '\n';
    if (question == PhotoService::Question::crop)
        return json_line(crop_failure(eye, photo, error, request.rank, request.straighten)) + '\n';
    return json_line(explain_failure(eye, photo, error)) + '\n';
}

}  // namespace

PipelineOptions PhotoService::line_pipeline() const {
    PipelineOptions pipeline{.jobs = jobs_, .batch = 1, .time_limit = options_.time_limit};
    pipeline.read = [this](const Photo& photo) {
        try {
            return bytes_of(photo);
        } catch (const Problem& problem) {
            throw Error(ErrorCode::io, problem.detail);
        }
    };
    return pipeline;
}

void PhotoService::check_lines(Question question, const Query& query) {
    allow_parameters(query, question == Question::crop    ? crop_parameters
                            : question == Question::score ? score_parameters
                                                          : "");
    asked_formats(asked_crops(query));
    if (query.parameters.contains("text"))
        throw Problem{400, "'text' shows in a poster alone, and lines make none: send one photo at a time"};
    truth_of(query, "soft-subject", false);
}

void PhotoService::answer_lines(Question question, const Query& query,
                                const std::function<bool(const std::string&)>& write,
                                const std::function<bool()>& listened_to_still) {
    if (truth_of(query, "soft-subject", false)) return answer_compared(query, write, listened_to_still);
    const auto scorer = started();
    const CropRequest request = asked_crops(query);
    std::atomic<bool> listened_to = true;
    PipelineOptions pipeline = line_pipeline();
    pipeline.keep_maps = question != Question::score;
    pipeline.stop = [&] { return !listened_to.load(); };
    WorkerResults<std::string> rows;
    pipeline.work = [&](PhotoResult& result) {
        // A score needs no second look, so its bytes are gone by now.
        Photo source = result.photo;
        try {
            const auto eye = eye_of(result.photo.profile.string());
            if (question != Question::score) source = source_of(result.photo);
            rows.put(result, row(question, *eye, result.photo, source, result.features, request));
        } catch (const Error& error) {
            throw called(error, source.file, result.photo.file.string());
        } catch (const Problem& problem) {
            throw Error(ErrorCode::bad_data, problem.detail);
        }
    };
    run_photo_pipeline(scorer->model(), photos_in(query.body), pipeline, [&](PhotoResult&& result) {
        metrics_.photo(!result.error);
        const std::string text = result.error
                                     ? failure(question, *scorer, result.photo, result.error->what(), request)
                                     : rows.take(result);
        if (listened_to && (ending_ || !write(text))) listened_to = false;
    });
    require_not_ending();
}

/// What was cut off by the service's end must not look whole.
void PhotoService::require_not_ending() const {
    if (ending_) throw Problem{503, "the service ends"};
}

Photo PhotoService::source_of(const Photo& photo) const {
    Photo source = photo;
    if (!source.bytes) source.file = below_root(options_.root, source.file);
    return source;
}

void PhotoService::answer_compared(const Query& query, const std::function<bool(const std::string&)>& write,
                                   const std::function<bool()>& listened_to) {
    const auto scorer = started();
    PhotoRunOptions run;
    run.jobs = jobs_;
    run.memory = options_.memory;
    SoftSubjects soft(scorer->model(), run);
    const auto tell = [&](Json&& record) {
        if (!ending_ && listened_to()) write(json_line(score_row(record)) + '\n');
    };
    PipelineOptions pipeline = line_pipeline();
    pipeline.keep_subjects = true;
    pipeline.stop = [&] { return ending_ || !listened_to(); };
    run_photo_pipeline(scorer->model(), photos_in(query.body), pipeline, [&](PhotoResult&& result) {
        const auto failed = [&](const std::string& reason) {
            metrics_.photo(false);
            soft.pass(explain_failure(*scorer, result.photo, reason), tell);
        };
        if (result.error) return failed(result.error->what());
        try {
            const auto eye = eye_of(result.photo.profile.string());
            Json record = scored_record(*eye, result.photo, result.features);
            soft.saw(result, source_of(result.photo), record["score"].get<double>());
            soft.hold(std::move(record), tell);
            metrics_.photo(true);
        } catch (const Problem& problem) {
            failed(problem.detail);
        }
    });
    soft.tell();
    require_not_ending();
}

PhotoService::Picking PhotoService::pick(const Query& query) {
    const auto eye = eye_of(parameter(query, "profile"));
    const auto cover = count_of(query, "cover", 0, 1e6, 0);
    const auto pass = std::make_shared<const WorkGate::Pass>(gate_);
    if (!*pass) throw Problem{429, "too many requests wait for work already"};
    return [this, &query, eye, cover, pass](const std::function<bool()>& listened_to) {
        return picked(query, *eye, cover, listened_to);
    };
}

std::string PhotoService::picked(const Query& query, const Scorer& eye, std::size_t cover,
                                 const std::function<bool()>& listened_to) {
    PhotoRunOptions run;
    run.jobs = jobs_;
    run.memory = options_.memory;
    PickCandidates all(eye, run);
    std::string failed;
    PipelineOptions pipeline = line_pipeline();
    pipeline.keep_subjects = true;
    pipeline.stop = [&] { return ending_ || !listened_to(); };
    run_photo_pipeline(eye.model(), photos_in(query.body), pipeline, [&](PhotoResult&& result) {
        if (!result.error && !result.photo.profile.empty())
            result.error = Error(ErrorCode::bad_argument,
                                 "a line names a profile, which is one for all photos: ?profile=NAME");
        metrics_.photo(!result.error);
        if (result.error) {
            failed +=
                json_line(pick_json_row(explain_failure(eye, result.photo, result.error->what()))) + '\n';
            return;
        }
        all.add(result, source_of(result.photo));
    });
    std::string rows;
    require_not_ending();
    if (!listened_to()) return rows;
    for (auto& [photo, row] : cover > 0 ? all.cover(cover) : all.groups()) {
        add_provenance(row, eye);
        rows += json_line(pick_json_row(row)) + '\n';
    }
    return rows + failed;
}

}  // namespace piaa::cli
