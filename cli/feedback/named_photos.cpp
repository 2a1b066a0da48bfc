#include "feedback/named_photos.h"

#include <cstddef>
#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <boost/filesystem/operations.hpp>

#include <piaa/content_id.h>
#include <piaa/cut_out.h>
#include <piaa/error.h>

#include "console/escape.h"
#include "console/say.h"
#include "feedback/migrate_profile.h"
#include "limits/interrupt.h"
#include "photos/image_file.h"
#include "report/picture_name.h"

namespace fs = boost::filesystem;

namespace piaa::cli {
namespace {

bool is_file(const fs::path& path) {
    boost::system::error_code ignored;
    return fs::is_regular_file(path, ignored);
}

bool is_content_id(const std::string& name) {
    return differing_bits(name, name).has_value();
}

Features features_of_part(const Model& model, const fs::path& file, const PictureName& picture) {
    const Image whole = read_full_image(file);
    const Image part = cut_out(whole, [&] {
        try {
            return part_in(picture, whole.size());
        } catch (const Error& error) {
            throw Error(error.code(), file.string() + ": " + error.what());
        }
    }());
    return std::move(extract_features(model, {&part, 1}, {}).front());
}

/// Finds pictures by name, and reads a folder's photos for their content ids when somebody first names one.
class NamedPhotos {
public:
    NamedPhotos(const fs::path& folder, const Model& model, const FeatureRun& run)
        : folder_(folder), model_(model), run_(run) {}

    /// How many were asked for and not there.
    std::size_t missing() const { return missing_; }

    bool has_file(const std::string& name) const { return is_file(photo_file(folder_, name)); }

    /// A name that is no file's. Throws Error(bad_data) for what is not there.
    Features read(const std::string& name) {
        const PictureName picture = parse_picture_name(name);
        const fs::path by_name = photo_file(folder_, picture.photo);
        if (is_file(by_name)) return features_of_part(model_, by_name, picture);
        if (!is_content_id(picture.photo)) no_file(by_name.string(), name);
        if (picture.pixels)
            throw Error(ErrorCode::bad_data,
                        name +
                            ": a part of a photo that is named by content id should be in percent, "
                            "#xywh=percent:x,y,w,h, as its copies of other sizes have the same id");
        const NamedFeatures* photo = photo_with_id(library(), picture.photo);
        if (photo == nullptr) {
            ++missing_;
            throw Error(ErrorCode::bad_data, picture.photo + ": no photo in " +
                                                 (folder_.empty() ? "." : folder_.string()) +
                                                 " has this content id: check --images");
        }
        return picture.part ? features_of_part(model_, photo->name, picture) : photo->features;
    }

private:
    [[noreturn]] void no_file(const std::string& file, const std::string& name) {
        ++missing_;
        throw Error(
            ErrorCode::bad_data,
            file + ": there is no such photo" +
                (is_utf8(name)
                     ? ""
                     : "; its name is not UTF-8, so the table should be saved again as CSV in UTF-8"));
    }

    const std::vector<NamedFeatures>& library() {
        if (!library_) library_ = photos_below(folder_, model_, run_);
        return *library_;
    }

    const fs::path& folder_;
    const Model& model_;
    const FeatureRun& run_;
    std::optional<std::vector<NamedFeatures>> library_;
    std::size_t missing_ = 0;
};

}  // namespace

const NamedFeatures* photo_with_id(const std::vector<NamedFeatures>& photos, const std::string& content_id) {
    const NamedFeatures* nearest = nullptr;
    int least = most_differing_bits + 1;
    for (const NamedFeatures& photo : photos)
        if (const auto bits = differing_bits(photo.features.content_id, content_id); bits && *bits < least) {
            nearest = &photo;
            least = *bits;
        }
    return nearest;
}

std::map<std::string, Features> read_named_photos(const fs::path& folder, const Model& model,
                                                  const std::vector<NamedFeedback>& feedback,
                                                  const FeatureRun& run) {
    NamedPhotos named(folder, model, run);
    std::vector<std::string> files;
    std::vector<std::pair<std::string, std::string>> others;  // and where each was named first
    std::set<std::string> known;
    for (const NamedFeedback& said : feedback)
        for (const std::string& name : {said.photo, said.other}) {
            if (name.empty() || !known.insert(name).second) continue;
            if (named.has_file(name))
                files.push_back(name);
            else
                others.emplace_back(name, said.line);
        }
    const InterruptGuard guard;
    std::set<std::string> told;  // of two parts of one photo that is not there the same is to be said
    std::map<std::string, Features> photos;
    for (const auto& [name, line] : others) try {
            if (InterruptGuard::interrupted())
                throw Error(ErrorCode::cancelled, "interrupted before the end");
            photos[name] = named.read(name);
        } catch (const Error& error) {
            if (error.code() == ErrorCode::cancelled) throw;
            const std::string sentence = (line.empty() ? "" : line + ": ") + error.what();
            if (told.insert(sentence).second) say(*run.messages, sentence);
        }
    if (files.empty() && photos.empty() && !known.empty())
        throw Error(ErrorCode::bad_data, named.missing() < known.size()
                                             ? "none of the pictures named could be read"
                                             : "none of the photos named is in " +
                                                   (folder.empty() ? "." : folder.string()) +
                                                   ": check --images");
    for (auto& photo : read_features(model, folder, files, run))
        photos[photo.name] = std::move(photo.features);
    return photos;
}

}  // namespace piaa::cli
