#include "feedback/named_feedback.h"

#include <ostream>
#include <set>

#include <piaa/csv.h>
#include <piaa/error.h>

#include "console/counted.h"
#include "console/escape.h"
#include "console/say.h"
#include "metadata/xmp_ratings.h"

namespace piaa::cli {
namespace {

void refuse(NamedFeedbackList& feedback, std::ostream& messages, const CsvTable& table,
            const CsvTable::Row& row, const std::string& reason) {
    ++feedback.refused;
    messages << "piaa-batch: " << printable(table.name()) << " line " << row.line << ": " << printable(reason)
             << '\n';
}

}  // namespace

NamedFeedbackList read_ratings_of_one(const boost::filesystem::path& file, const RatingScale& scale,
                                      std::ostream& messages) {
    const CsvTable table = read_csv(file);
    const auto image = table.column("image");
    const auto rating = table.column("rating");
    if (const auto rater = table.find_column("rater")) {
        std::set<std::string> people;
        for (const auto& row : table.rows()) people.insert(row.fields[*rater]);
        if (people.size() > 1)
            throw Error(ErrorCode::bad_data, table.name() + ": table holds the ratings of " +
                                                 std::to_string(people.size()) +
                                                 " people and should hold one person's");
    }
    NamedFeedbackList feedback;
    for (const auto& row : table.rows()) {
        const std::string& name = row.fields[image];
        if (name.empty()) {
            refuse(feedback, messages, table, row, "there is no image name");
            continue;
        }
        double value = 0;
        try {
            value = table.number(row, rating);
        } catch (const Error& error) {
            ++feedback.refused;
            say(messages, error.what());
            continue;
        }
        if (value < scale.low || value > scale.high) {
            refuse(feedback, messages, table, row,
                   "rating of " + name + " is " + row.fields[rating] + " and should be " +
                       std::to_string(scale.low).substr(0, 4) + " to " +
                       std::to_string(scale.high).substr(0, 4) + " (say --scale if yours is another)");
            continue;
        }
        feedback.all.push_back({name, "", scale.to_unit(value)});
    }
    return feedback;
}

NamedFeedbackList read_comparisons(const boost::filesystem::path& file, std::ostream& messages) {
    const CsvTable table = read_csv(file);
    const auto winner = table.column("winner");
    const auto loser = table.column("loser");
    NamedFeedbackList feedback;
    for (const auto& row : table.rows()) {
        const std::string& preferred = row.fields[winner];
        const std::string& other = row.fields[loser];
        if (preferred.empty() || other.empty())
            refuse(feedback, messages, table, row, "there is no image name");
        else if (preferred == other)
            refuse(feedback, messages, table, row, preferred + " is compared with itself");
        else
            feedback.all.push_back({preferred, other, 1});
    }
    return feedback;
}

NamedFeedbackList feedback_in_xmp(const boost::filesystem::path& folder, const StarOptions& options,
                                  std::ostream& messages) {
    const XmpRatings found = find_stars_below(folder);
    const std::size_t defaults = default_stars_of_darktable(found);
    if (defaults > 0 && !options.accept_ones && options.ignored != 1)
        throw Error(ErrorCode::bad_argument,
                    folder.string() + ": " + std::to_string(defaults) + " of " +
                        std::to_string(found.ratings.size()) +
                        " rated photos have the one star that darktable gives to every photo; say "
                        "--ignore-rating 1 if nobody gave it, or --accept-ones if somebody did");
    NamedFeedbackList feedback;
    std::size_t ignored = 0;
    for (const auto& rating : found.ratings)
        if (rating.stars == options.ignored)
            ++ignored;
        else
            feedback.all.push_back({rating.photo.string(), "", (rating.stars - 1) / 4.0});
    if (ignored > 0)
        messages << "piaa-batch: " << printable(folder.string()) << ": " << counted(ignored, "photo")
                 << " with a rating of " << *options.ignored << (ignored == 1 ? " is" : " are")
                 << " passed over, as asked\n";
    for (const auto& error : found.errors) say(messages, error.what());
    feedback.refused = found.errors.size();
    // People reject for blur, blinks and doubles as often as for taste.
    if (found.rejected > 0)
        messages << "piaa-batch: " << printable(folder.string()) << ": "
                 << counted(found.rejected, "photo is", "photos are")
                 << " marked as rejected; a rejection is no rating and is not learned from\n";
    if (feedback.all.empty())
        messages << "piaa-batch: " << printable(folder.string()) << ": none of the " << found.unrated
                 << " other photos has stars\n";
    return feedback;
}

}  // namespace piaa::cli
