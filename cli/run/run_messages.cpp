#include "run/run_messages.h"

#include <cerrno>
#include <cstdio>
#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "console/counted.h"
#include "console/escape.h"
#include "report/report.h"
#include "run/photo_run.h"

using Json = nlohmann::ordered_json;

namespace piaa::cli {
namespace {

std::string summary_line(const PhotoRunSummary& summary, double seconds) {
    std::string line = counted(summary.done, "photo");
    if (summary.failed > 0) line += ", " + std::to_string(summary.failed) + " failed";
    if (summary.skipped > 0) line += ", " + counted(summary.skipped, "other file") + " skipped";
    if (summary.links > 0) line += ", " + counted(summary.links, "link") + " to them passed over";
    line += fmt::format(" in {:.1f} s ({:.1f}/s)", seconds, static_cast<double>(summary.done) / seconds);
    if (summary.interrupted) line += ", interrupted before the end";
    return line;
}

/// A listener that left is no trouble of the run's.
void write_all(int descriptor, const std::string& text) {
    for (std::size_t start = 0; start < text.size();) {
        const ssize_t count = ::write(descriptor, text.data() + start, text.size() - start);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return;
        start += static_cast<std::size_t>(count);
    }
}

}  // namespace

RunMessages::RunMessages(const PhotoRunOptions& options, std::ostream& err, std::size_t total)
    : options_(options),
      err_(err),
      total_(total),
      to_people_(options.events_to != STDERR_FILENO),
      bar_(err, to_people_ && options.terminal.messages && !options.quiet, total) {}

void RunMessages::start() {
    tell({{"event", "start"}, {"total", total_}});
}

void RunMessages::failed(const std::string& sentence) {
    say(sentence);
    tell(
        {{"event", "error"}, {"index", 0}, {"total", total_}, {"id", ""}, {"path", ""}, {"error", sentence}});
}

void RunMessages::failed(const PhotoResult& photo) {
    say(photo.error->what());
    tell({{"event", "error"},
          {"index", photo.index + 1},
          {"total", total_},
          {"id", photo.photo.id},
          {"path", photo.photo.file.string()},
          {"error", photo.error->what()}});
}

void RunMessages::make_room() {
    if (options_.terminal.output) bar_.clear();
}

void RunMessages::finished(std::size_t index, const Photo& photo) {
    bar_.step();
    tell({{"event", "progress"},
          {"index", index + 1},
          {"total", total_},
          {"id", photo.id},
          {"path", photo.file.string()}});
}

void RunMessages::note(const std::string& sentence) {
    say(sentence);
    tell({{"event", "note"}, {"text", sentence}});
}

void RunMessages::end(const PhotoRunSummary& summary) {
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
    bar_.clear();
    if (!options_.quiet) say(summary_line(summary, seconds));
    tell({{"event", "done"},
          {"done", summary.done},
          {"failed", summary.failed},
          {"skipped", summary.skipped},
          {"interrupted", summary.interrupted},
          {"seconds", seconds}});
}

void RunMessages::say(const std::string& sentence) {
    if (!to_people_) return;
    bar_.clear();
    err_ << "piaa-batch: " << printable(sentence) << std::endl;
}

void RunMessages::tell(const Json& event) {
    if (!options_.events_to) return;
    const std::string line = json_line(event) + '\n';
    if (to_people_)
        write_all(*options_.events_to, line);
    else
        err_ << line << std::flush;
}

}  // namespace piaa::cli
