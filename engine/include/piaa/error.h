#pragma once

#include <stdexcept>
#include <string>

#include <piaa/export.h>

namespace piaa {

/// What kind of thing went wrong, for callers that act on it. The sentence is in what().
enum class ErrorCode {
    bad_argument,  ///< a value the caller passed cannot be used
    bad_image,     ///< a picture that cannot be read or is refused
    bad_model,     ///< a model file that is missing, damaged or not ours
    bad_profile,   ///< a user's profile that is damaged, hostile or of another model
    bad_preset,    ///< a crop format that breaks the schema
    bad_data,      ///< a table (ratings, crops) that cannot be used
    io,            ///< the system refused to read or write
    device,        ///< the asked-for device is not there or ran out of memory
    cancelled,     ///< a progress callback asked to stop
};

/// The one exception this library throws. what() is one sentence in lower case that names the file or
/// value, what it is and what it should be: "beach.jpg: image of 2x2 pixels has 3 values instead of 12".
class PIAA_API Error : public std::runtime_error {
public:
    Error(ErrorCode code, const std::string& sentence) : std::runtime_error(sentence), code_(code) {}
    ErrorCode code() const noexcept { return code_; }

private:
    ErrorCode code_;
};

}  // namespace piaa
