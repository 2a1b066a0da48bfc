#include "report/picture_name.h"

#include <array>
#include <cstddef>
#include <string_view>

#include <piaa/error.h>
#include <piaa/parse_number.h>

namespace piaa::cli {
namespace {

constexpr std::string_view part_mark = "#xywh=";

}  // namespace

std::string text_of(const PictureName& picture) {
    if (!picture.part) return picture.photo;
    std::string text = picture.photo + std::string(part_mark);
    const PixelBox& part = *picture.part;
    for (const int side : {part.x, part.y, part.width, part.height})
        text += (text.back() == '=' ? "" : ",") + std::to_string(side);
    return text;
}

PictureName parse_picture_name(const std::string& text) {
    const auto mark = text.rfind(part_mark);
    if (mark == std::string::npos) return {text};
    std::array<int, 4> sides{};
    std::size_t from = mark + part_mark.size();
    for (std::size_t i = 0; i < sides.size(); ++i) {
        const auto end = i + 1 < sides.size() ? text.find(',', from) : text.size();
        const auto number = end == std::string::npos
                                ? std::nullopt
                                : parse_number<int>(std::string_view(text).substr(from, end - from));
        if (!number || *number < (i < 2 ? 0 : 1))
            throw Error(ErrorCode::bad_argument, "'" + text +
                                                     "' should end in #xywh= and x,y,w,h, whole numbers of "
                                                     "pixels, the last two above 0");
        sides[i] = *number;
        from = end + 1;
    }
    return {text.substr(0, mark), PixelBox{sides[0], sides[1], sides[2], sides[3]}};
}

}  // namespace piaa::cli
