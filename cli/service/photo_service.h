#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "limits/time_limit.h"
#include "run/people.h"
#include "run/photo_pipeline.h"
#include "service/metrics.h"
#include "service/photo_question.h"
#include "service/profile_store.h"
#include "service/service_options.h"
#include "service/url_fetcher.h"
#include "service/work_gate.h"

namespace piaa::cli {

/// What goes back: whole, with its type.
struct Reply {
    std::string type = "application/json";
    std::string body;
    std::string tag = {};  ///< ETag; empty for none
    int status = 200;
};

/// The answers of `piaa-batch serve`, whatever carries them. Safe to call from several threads; all throw
/// Problem.
class PhotoService {
public:
    explicit PhotoService(const ServiceOptions& options);

    /// Loads model, person and network runtime; until it is done there is no answer but 503. Throws as Scorer
    /// does.
    void start();
    bool ready() const { return scorer() != nullptr; }

    enum class Question { score, crop, explain };
    /// One photo.
    Reply answer(Question question, Query query);
    /// Throws for parameters of lines that cannot be used, so that they are told before the first row.
    static void check_lines(Question question, const Query& query);
    /// Lines as on standard input, each answered by one row (for crops, one for each format) in their order;
    /// `write` gets each row as it is done and says whether somebody still listens. With soft-subject they
    /// come after the last line; `listened_to` is asked until then.
    void answer_lines(Question question, const Query& query,
                      const std::function<bool(const std::string&)>& write,
                      const std::function<bool()>& listened_to);

    /// Gives the rows of `piaa-batch pick` for lines as answer_lines() takes them, after all of them were
    /// looked at; last those of photos that failed. Ends early, with any rows, when nobody listens any more.
    using Picking = std::function<std::string(const std::function<bool()>& listened_to)>;
    /// Waits for a place at work. Parameters: profile, cover. The query must outlive the picking.
    Picking pick(const Query& query);

    /// Answers to many lines end early from now on.
    void end() { ending_ = true; }

    Reply version() const;
    Reply metrics() const;
    Reply profile(const std::string& name, const Query& query) const;
    Reply put_profile(const std::string& name, const Query& query);
    /// A photo and its `stars`.
    Reply rate(const std::string& name, Query query);

    const ServiceOptions& options() const { return options_; }
    Metrics& counts() { return metrics_; }

private:
    std::shared_ptr<const Scorer> scorer() const;
    std::shared_ptr<const Scorer> started() const;
    std::shared_ptr<const Scorer> eye_of(const std::string& profile);
    std::shared_ptr<const FileBytes> bytes_of(const Photo& photo) const;
    PipelineOptions line_pipeline() const;
    void answer_compared(const Query& query, const std::function<bool(const std::string&)>& write,
                         const std::function<bool()>& listened_to);
    void require_not_ending() const;
    Photo source_of(const Photo& photo) const;
    std::string picked(const Query& query, const Scorer& eye, std::size_t cover,
                       const std::function<bool()>& listened_to);
    Features look(const WorkGate::Pass& pass, const Model& model,
                  const std::shared_ptr<const FileBytes>& bytes, const std::string& name, bool maps);
    // source: the photo's bytes, or a file, to be read again.
    Reply best_crop(const Scorer& eye, const Photo& source, const Features& features,
                    const CropRequest& request);
    Reply poster(const Scorer& eye, const Photo& source, const Features& features, const CropRequest& request,
                 const PosterTexts& texts);
    std::string row(Question question, const Scorer& eye, const Photo& photo, const Photo& source,
                    const Features& features, const CropRequest& request) const;

    ServiceOptions options_;
    int jobs_ = 1;
    ProfileStore profiles_;
    UrlFetcher fetcher_;
    WorkGate gate_;
    std::deque<TimeLimit> limits_;  // one for each place at work
    Metrics metrics_;
    std::atomic<bool> ending_ = false;
    mutable std::mutex mutex_;  // what start() sets
    std::shared_ptr<const Scorer> scorer_;
    std::unique_ptr<People> people_;
};

}  // namespace piaa::cli
