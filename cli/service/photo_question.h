#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>

#include <boost/filesystem/path.hpp>

#include "crops/photo_crops.h"
#include "crops/poster.h"
#include "photos/photo_list.h"

namespace piaa::cli {

/// A request as far as the service needs it; what carries it is no concern of it.
struct Query {
    std::multimap<std::string, std::string> parameters;  ///< called as on the command line
    std::string type;  ///< of the body, in small letters and without its parameters
    std::string body;
    std::string accept;
    std::string known;  ///< If-None-Match
};

/// The media type that a Content-Type names, in small letters and without its parameters.
std::string media_type(const std::string& header);

/// The photo that a query asks about: its body, or {"image": {"base64" | "path" | "url"}} with the parameters
/// beside it, or the parameter `path` or `url`. Its path, URL, id and profile are as the caller spells them.
/// Throws Problem.
Photo asked_photo(Query& query);

/// A path that a caller named, as a file below the root: links are followed and must stay inside. Throws
/// Problem.
boost::filesystem::path below_root(const boost::filesystem::path& root, const boost::filesystem::path& path);

/// The parameters of asked_crops() and asked_texts(), separated by blanks.
constexpr const char* crop_parameters =
    "preset aspect count keep blank text text-colour contrast faces margin min-kept min-pixels rank-presets "
    "looks upscale straighten";

/// The parameters of /v1/score.
constexpr const char* score_parameters = "soft-subject";

/// Throws Problem for what cannot be used.
CropRequest asked_crops(const Query& query);

/// The formats of a request. Throws Problem for a wish about text where none of them has room for any, and as
/// requested_formats() does.
std::vector<CropFormat> asked_formats(const CropRequest& request);

/// What stands in the text boxes of a poster. Throws Problem for text that nothing would show, because the
/// answer is no poster, and for what is no text.
PosterTexts asked_texts(const Query& query, bool poster);

/// How much a type of answer is wished for by Accept: its q, 1 without one; nothing where it is not named.
std::optional<double> wish_for(const Query& query, const std::string& type);
/// The same of JSON, be it one row or lines, by whichever range names it best; 0 where none does.
double wish_for_json(const Query& query);

/// Whether the caller has the answer of that tag already. `*` is no answer: it is worked out for each
/// request.
bool knows(const Query& query, const std::string& tag);

/// "true" or "false". Throws Problem for anything else.
bool truth_of(const Query& query, const std::string& name, bool otherwise);

/// Throws Problem for a parameter that is none of these, separated by blanks, and for one that is given twice
/// and takes one value. No names: of lines, which say all themselves.
void allow_parameters(const Query& query, const std::string& names);

/// A parameter from low to high. Throws Problem for anything else.
double number_of(const Query& query, const std::string& name, double low, double high, double otherwise);

/// The same, a whole number.
std::size_t count_of(const Query& query, const std::string& name, double low, double high,
                     std::size_t otherwise);

/// The last value of a parameter; empty for none.
std::string parameter(const Query& query, const std::string& name);

}  // namespace piaa::cli
