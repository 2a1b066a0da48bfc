#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <set>

#include <boost/filesystem/directory.hpp>
#include <boost/filesystem/operations.hpp>

#include <piaa/error.h>
#include <piaa/research/dataset.h>

#include "datasets/dataset_text.h"

namespace piaa {
namespace {

using boost::filesystem::path;

using Traits = std::array<float, trait_count>;

constexpr float unknown = std::numeric_limits<float>::quiet_NaN();
constexpr double liked_from = 4;  ///< of PARA's 1 to 5

void add(LikedPhotos& photos, const std::string& image, const std::string& person, const Traits& traits) {
    photos.images.push_back(image);
    photos.people.push_back(person);
    photos.traits.insert(photos.traits.end(), traits.begin(), traits.end());
}

/// Files right in the folder, by name.
std::vector<std::string> files_in(const path& folder) {
    std::vector<std::string> names;
    for (const auto& entry : boost::filesystem::directory_iterator(folder))
        if (boost::filesystem::is_regular_file(entry.path()))
            names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
}

LikedPhotos read_psychoflickr(const CsvTable& table, const path& images) {
    const auto user = column_named(table, {"user"});
    constexpr std::array names = {"O", "C", "E", "A", "N"};
    LikedPhotos photos;
    for (const auto& row : table.rows()) {
        Traits traits{};
        for (std::size_t i = 0; i < trait_count; ++i)
            traits[i] =
                static_cast<float>(number_between(table, row, column_named(table, {names[i]}), -4, 4) / 4);
        const std::string person = name_of(table, row, user);
        boost::system::error_code ignored;
        if (!boost::filesystem::is_directory(images / person, ignored))
            throw Error(ErrorCode::bad_data,
                        table.name() + ": line " + std::to_string(row.line) + ", column 'user' is '" +
                            person + "' and " + (images / person).string() + " should be a folder of photos");
        for (const auto& file : files_in(images / person)) add(photos, person + "/" + file, person, traits);
    }
    return photos;
}

LikedPhotos read_para_users(const CsvTable& table) {
    constexpr std::array names = {"personality-O", "personality-C", "personality-E", "personality-A",
                                  "personality-N"};
    const auto user = column_named(table, {"userId"});
    std::map<std::string, Traits> people;
    for (const auto& row : table.rows()) {
        Traits traits{};
        for (std::size_t i = 0; i < trait_count; ++i)
            traits[i] = static_cast<float>(
                (number_between(table, row, column_named(table, {names[i]}), 1, 10) - 5.5) / 4.5);
        people[name_of(table, row, user)] = traits;
    }
    const Dataset rated = read_dataset("para", path(table.name()).parent_path());
    LikedPhotos photos;
    for (const auto& row : rated.ratings.rows()) {
        const auto& person = rated.ratings.raters()[row.rater];
        const auto found = people.find(person);
        if (found != people.end() && row.rating >= liked_from)
            add(photos, rated.ratings.images()[row.image], person, found->second);
    }
    return photos;
}

LikedPhotos read_poles(const CsvTable& table) {
    const auto image = column_named(table, {"image"});
    const auto trait = column_named(table, {"trait"});
    const auto sign = column_named(table, {"sign"});
    const std::map<std::string, std::size_t> places = {{"Openness", 0},
                                                       {"Conscientiousness", 1},
                                                       {"Extraversion", 2},
                                                       {"Agreeableness", 3},
                                                       {"Neuroticism", 4}};
    LikedPhotos photos;
    for (const auto& row : table.rows()) {
        const std::string name = name_of(table, row, trait);
        const auto place = places.find(name);
        if (place == places.end())
            throw Error(ErrorCode::bad_data,
                        table.name() + ": line " + std::to_string(row.line) + ", column 'trait' is '" + name +
                            "' and should be one of Openness, Conscientiousness, Extraversion, "
                            "Agreeableness, Neuroticism");
        Traits traits;
        traits.fill(unknown);
        traits[place->second] = static_cast<float>(number_between(table, row, sign, -1, 1));
        add(photos, name_of(table, row, image), "", traits);
    }
    return photos;
}

}  // namespace

LikedPhotos read_liked_photos(const path& file, const path& images) {
    const CsvTable table = read_csv(file);
    LikedPhotos photos = table.find_column("trait")    ? read_poles(table)
                         : table.find_column("userId") ? read_para_users(table)
                                                       : read_psychoflickr(table, images);
    if (photos.images.empty())
        throw Error(ErrorCode::bad_data, file.string() + ": there is no liked photo and should be some");
    return photos;
}

}  // namespace piaa
