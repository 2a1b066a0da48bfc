#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include <boost/filesystem/operations.hpp>

#include <piaa/error.h>
#include <piaa/research/dataset.h>

#include "datasets/dataset_text.h"

namespace piaa {
namespace {

using boost::filesystem::path;
using Parts = std::map<std::string, std::string>;  ///< from image to part

std::vector<std::string> parts_of(const RatingsTable& ratings, const Parts& parts) {
    std::vector<std::string> result;
    for (const auto& image : ratings.images()) {
        const auto found = parts.find(image);
        result.push_back(found == parts.end() ? "" : found->second);
    }
    return result;
}

Dataset read_ava(const path& folder) {
    constexpr std::size_t first_count = 2;
    constexpr int votes = 10;
    const path file = find_part(folder, "AVA.txt", {});
    const TextTable table(file, 15);
    RatingsCollector ratings({1, votes}, RatingsDetail::histograms);
    for (const auto& line : table.lines()) {
        const std::string image = std::to_string(table.whole_number(line, 1)) + ".jpg";
        std::size_t total = 0;
        for (int vote = 1; vote <= votes; ++vote) {
            const auto count = table.whole_number(line, first_count + vote - 1);
            if (count > 0) ratings.add("", image, vote, count);
            total += count;
        }
        if (total == 0)
            throw Error(ErrorCode::bad_data, file.string() + ": line " + std::to_string(line.number) +
                                                 ", columns 3 to 12 hold no vote and should hold some");
    }
    Parts parts;
    for (const auto& [list, part] :
         {std::pair{"generic_ls_train.jpgl", "train"}, std::pair{"generic_test.jpgl", "test"}})
        if (const path found = find_optional_part(folder, list, {"aesthetics_image_lists"}); !found.empty()) {
            const TextTable images(found, 1);
            for (const auto& line : images.lines())
                parts[std::to_string(images.whole_number(line, 0)) + ".jpg"] = part;
        }
    Dataset data{ratings.take(file.string()), {}, {}, {.limit = 5.0, .steps = votes}};
    data.parts = parts_of(data.ratings, parts);
    return data;
}

Dataset read_aadb(const path& folder) {
    RatingsCollector ratings({0, 1}, RatingsDetail::means);
    Parts parts;
    for (const auto& [list, part] : {std::pair{"imgListTrainRegression_score.txt", "train"},
                                     std::pair{"imgListValidationRegression_score.txt", "validation"},
                                     std::pair{"imgListTestNewRegression_score.txt", "test"}}) {
        const path file = part == std::string("test")
                              ? find_part(folder, list, {"imgListFiles_label"})
                              : find_optional_part(folder, list, {"imgListFiles_label"});
        if (file.empty()) continue;
        const TextTable table(file, 2);
        for (const auto& line : table.lines()) {
            ratings.add("", line.fields[0], table.number(line, 1, 0, 1));
            parts[line.fields[0]] = part;
        }
    }
    Dataset data{ratings.take(folder.string()), {}, {}, {.limit = 0.5, .steps = 5}};
    data.parts = parts_of(data.ratings, parts);
    return data;
}

Dataset read_eva(const path& folder) {
    const path file = find_part(folder, "votes_filtered.csv", {"data"});
    const CsvTable table = read_csv(file, '=');
    const auto image = column_named(table, {"image_id"});
    const auto user = column_named(table, {"user_id"});
    const auto score = column_named(table, {"score"});
    RatingsCollector ratings({0, 10});
    for (const auto& row : table.rows())
        ratings.add(name_of(table, row, user), name_of(table, row, image) + ".jpg",
                    number_between(table, row, score, 0, 10));
    Dataset data{ratings.take(file.string()), {}, {}, {.limit = 5.0, .steps = 11}};
    data.parts.resize(data.ratings.images().size());
    return data;
}

Dataset read_flickr_aes(const path& folder) {
    const path file = find_part(folder, "FLICKR-AES_image_labeled_by_each_worker.csv", {"data"});
    const CsvTable table = read_csv(file);
    const auto worker = column_named(table, {"worker"});
    const auto image = column_named(table, {"imagePair", "image"});
    const auto score = column_named(table, {"score"});
    RatingsCollector ratings({1, 5});
    for (const auto& row : table.rows())
        ratings.add(name_of(table, row, worker), name_of(table, row, image),
                    number_between(table, row, score, 1, 5));
    Dataset data{ratings.take(file.string()), {}, {}, {.limit = 3.0, .steps = 5}};

    const path list = find_part(folder, "test_workers.csv", {"data"});
    const CsvTable tested = read_csv(list);
    const auto name = column_named(tested, {"worker"});
    std::set<std::string> names;
    for (const auto& row : tested.rows()) {
        const auto person = name_of(tested, row, name);
        const auto& known = data.ratings.raters();
        if (std::find(known.begin(), known.end(), person) == known.end())
            throw Error(ErrorCode::bad_data, list.string() + ": line " + std::to_string(row.line) +
                                                 ", column 'worker' is '" + person +
                                                 "' and should be a worker of " + file.string());
        if (names.insert(person).second) data.test_raters.push_back(person);
    }
    data.parts.assign(data.ratings.images().size(), "train");
    for (const auto& row : data.ratings.rows())
        if (names.contains(data.ratings.raters()[row.rater])) data.parts[row.image] = "test";
    return data;
}

Dataset read_para(const path& folder) {
    const path file = find_part(folder, "PARA-Images.csv", {"annotation"});
    const CsvTable table = read_csv(file);
    const auto session = column_named(table, {"sessionId"});
    const auto image = column_named(table, {"imageName"});
    const auto user = column_named(table, {"userId"});
    const auto score = column_named(table, {"aestheticScore"});
    RatingsCollector ratings({1, 5});
    for (const auto& row : table.rows())
        ratings.add(name_of(table, row, user),
                    name_of(table, row, session) + "/" + name_of(table, row, image),
                    number_between(table, row, score, 1, 5));
    Parts parts;
    for (const auto& [list, part] :
         {std::pair{"PARA-GiaaTrain.csv", "train"}, std::pair{"PARA-GiaaTest.csv", "test"}})
        if (const path found = find_optional_part(folder, list, {"annotation"}); !found.empty()) {
            const CsvTable images = read_csv(found);
            const auto in_session = column_named(images, {"sessionId"});
            const auto name = column_named(images, {"imageName"});
            for (const auto& row : images.rows())
                parts[name_of(images, row, in_session) + "/" + name_of(images, row, name)] = part;
        }
    Dataset data{ratings.take(file.string()), {}, {}, {.limit = 3.0, .steps = 9}};
    data.parts = parts_of(data.ratings, parts);
    if (const path list = find_optional_part(folder, "TestUserIDs_Fold1.txt", {"userset"}); !list.empty()) {
        const TextTable people(list, 1);
        for (const auto& line : people.lines()) data.test_raters.push_back(line.fields[0]);
    }
    return data;
}

const std::map<std::string, std::function<Dataset(const path&)>>& readers() {
    static const std::map<std::string, std::function<Dataset(const path&)>> all = {
        {"aadb", read_aadb},
        {"ava", read_ava},
        {"eva", read_eva},
        {"flickr-aes", read_flickr_aes},
        {"para", read_para}};
    return all;
}

}  // namespace

const std::vector<std::string>& dataset_layouts() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> all;
        for (const auto& [name, read] : readers()) all.push_back(name);
        return all;
    }();
    return names;
}

Dataset read_dataset(const std::string& layout, const path& folder) {
    const auto found = readers().find(layout);
    if (found == readers().end()) {
        std::string names;
        for (const auto& name : dataset_layouts()) names += (names.empty() ? "" : ", ") + name;
        throw Error(ErrorCode::bad_argument, "layout is '" + layout + "' and should be one of " + names);
    }
    // The folder, or its main file.
    boost::system::error_code ignored;
    return found->second(boost::filesystem::is_regular_file(folder, ignored) ? folder.parent_path() : folder);
}

}  // namespace piaa
