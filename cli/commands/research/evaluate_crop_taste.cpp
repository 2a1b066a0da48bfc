#include "commands/research/evaluate_crop_taste.h"

#include <algorithm>
#include <numeric>
#include <ostream>

#include <piaa/crop.h>
#include <piaa/cut_out.h>
#include <piaa/error.h>

#include "photos/image_file.h"
#include "report/metric_table.h"
#include "run/photo_run.h"
#include "run/scorer.h"

namespace piaa::cli {
namespace {

constexpr double same_crop = 0.8;  // crops that overlap this much count as the same

/// One number per photo.
using Numbers = std::vector<double>;

Metric mean_metric(const std::string& name, const Numbers& numbers) {
    const auto mean = [&](std::span<const std::size_t> photos) {
        double sum = 0;
        for (const std::size_t photo : photos) sum += numbers[photo];
        return sum / static_cast<double>(photos.size());
    };
    std::vector<std::size_t> all(numbers.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    return {name, mean(all), bootstrap_interval(numbers.size(), mean)};
}

/// What a photo's crops look like to one person.
struct Person {
    std::string name;
    Scorer scorer;
    std::vector<Box> crops;
    Numbers gain;       ///< of the own crop over the crop for nobody in particular
    Numbers over_full;  ///< of the own crop over the whole photo
    Numbers differs;
};

Features features_of(const Scorer& scorer, const Image& photo, const PixelBox& box) {
    const Image cut[] = {cut_out(photo, box)};
    return extract_features(scorer.model(), cut).front();
}

void compare(std::vector<Person>& people, const PhotoResult& photo) {
    const Features& features = photo.features;
    const auto best = [&](const Person& person, bool personal) {
        CropOptions options{.count = 1};
        if (personal) {
            options.taste = person.scorer.crop_taste(features);
            options.judge = person.scorer.crop_judge(features);
        }
        return find_crops(person.scorer.model(), features, options).crops.front().box;
    };
    const PixelBox generic = best(people.front(), false);
    const Image pixels = read_full_image(photo.photo.file);
    const Features of_generic = features_of(people.front().scorer, pixels, generic);
    for (Person& person : people) {
        const PixelBox own = best(person, true);
        const Features of_own = features_of(person.scorer, pixels, own);
        const double score = person.scorer.score(of_own).score;
        person.gain.push_back(score - person.scorer.score(of_generic).score);
        person.over_full.push_back(score - person.scorer.score(features).score);
        person.crops.push_back(normalized(own, features.photo));
        person.differs.push_back(overlap(person.crops.back(), normalized(generic, features.photo)) <
                                 same_crop);
    }
}

}  // namespace

int evaluate_crop_taste(const EvaluateCropOptions& options, std::ostream& out, std::ostream& err) {
    std::vector<Person> people;
    for (const auto& user : options.users) {
        people.push_back(
            {user.string(), Scorer({options.model, options.device, user, options.prior}), {}, {}, {}, {}});
        if (people.back().scorer.model().info().hash != people.front().scorer.model().info().hash)
            throw Error(ErrorCode::bad_argument,
                        user.string() + ": was learned on another model than " + people.front().name);
    }
    PhotoRunOptions run;
    run.paths = {options.images.string()};
    run.jobs = options.jobs;
    run.keep_maps = true;
    run.quiet = options.quiet;
    run.terminal = options.terminal;
    const PhotoRunSummary summary = run_photos(people.front().scorer.model(), run, err,
                                               {[&](PhotoResult&& photo) { compare(people, photo); }});
    if (people.front().gain.empty())
        throw Error(ErrorCode::bad_data, options.images.string() + ": has no photo to crop");

    std::vector<MetricRow> rows;
    for (const Person& person : people)
        rows.push_back({person.name,
                        {mean_metric("gain", person.gain), mean_metric("over_full", person.over_full),
                         mean_metric("differs", person.differs)}});
    for (std::size_t i = 1; i < people.size(); ++i) {
        Numbers differs;
        for (std::size_t photo = 0; photo < people[i].crops.size(); ++photo)
            differs.push_back(overlap(people[i].crops[photo], people.front().crops[photo]) < same_crop);
        rows.push_back(
            {people[i].name + " beside " + people.front().name, {mean_metric("differs", differs)}});
    }
    write_metrics(options.output, options.json, rows, out);
    return summary.exit_code();
}

}  // namespace piaa::cli
