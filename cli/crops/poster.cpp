#include "crops/poster.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/replace.hpp>
#include <boost/algorithm/string/split.hpp>
#include <fmt/format.h>

#include <piaa/error.h>
#include <piaa/level.h>

#include "console/base64.h"
#include "console/counted.h"
#include "console/escape.h"
#include "metadata/xml_text.h"
#include "photos/image_file.h"
#include "photos/image_png.h"
#include "photos/levelled_image.h"
#include "photos/small_image.h"

namespace piaa::cli {
namespace {

constexpr int longest_side = 2400;  ///< of a poster whose format has no size in pixels
constexpr double line_spacing = 1.25;
constexpr double baseline = 0.78;    ///< of a line, from its top, in lines
constexpr double text_width = 0.92;  ///< of its box

/// How wide a line is, in heights of its font.
double relative_width(const std::string& line) {
    constexpr int height = 100;  // of a line; its font is three quarters of it
    // Between "|" blanks at the ends count, and so does a line of nothing else.
    const auto width = [](const std::string& text) { return text_image(xml_text(text), height).width(); };
    return static_cast<double>(width("|" + line + "|") - width("||")) / (0.75 * height);
}

std::vector<std::string> lines_of(std::string text) {
    if (text.empty()) return {};
    boost::replace_all(text, "\\n", "\n");
    std::vector<std::string> lines;
    boost::split(lines, text, boost::is_any_of("\n"));
    return lines;
}

/// A line of text: its middle and its baseline, and how large its font is.
struct Line {
    std::string text;
    double middle = 0, baseline = 0, letters = 0;
};

/// How large the letters of lines can be in a box, the widest line being so wide.
double largest_letters(const Box& box, std::size_t lines, double width) {
    const double by_height = box.height / (line_spacing * static_cast<double>(lines));
    return width > 0 ? std::min(by_height, text_width * box.width / width) : by_height;
}

double widest(const std::vector<std::string>& lines) {
    double width = 0;
    for (const std::string& line : lines) width = std::max(width, relative_width(line));
    return width;
}

struct Word {
    std::string text;
    double width;
};

std::vector<Word> words_of(const std::string& line) {
    std::vector<std::string> texts;
    boost::split(texts, line, boost::is_any_of(" "));
    std::vector<Word> words;
    for (const std::string& text : texts) words.push_back({text, relative_width(text)});
    return words;
}

/// A line broken at its blanks, no wider than that where its words allow it.
void add_broken(const std::vector<Word>& words, double width, double blank, std::vector<std::string>& lines) {
    lines.push_back(words.front().text);
    double taken = words.front().width;
    for (std::size_t i = 1; i < words.size(); ++i) {
        const double longer = taken + blank + words[i].width;
        taken = longer <= width ? longer : words[i].width;
        if (longer <= width)
            lines.back().append(" ").append(words[i].text);
        else
            lines.push_back(words[i].text);
    }
}

/// The lines as given, or broken into more where that makes the letters twice as large: a short headline
/// stays in the lines that somebody chose.
std::vector<std::string> for_box(const Box& box, const std::vector<std::string>& given) {
    constexpr double clearly = 2, narrower = 0.9, narrowest = 1;
    std::vector<std::vector<Word>> words;
    for (const std::string& line : given) words.push_back(words_of(line));
    const double blank = relative_width(" ");
    std::vector<std::string> best = given;
    const double width = widest(given);
    double letters = clearly * largest_letters(box, given.size(), width);
    double limit = width;
    while ((limit *= narrower) > narrowest) {
        std::vector<std::string> lines;
        for (const auto& line : words) add_broken(line, limit, blank, lines);
        const double size = largest_letters(box, lines.size(), widest(lines));
        if (size <= letters) continue;
        best = lines;
        letters = size;
    }
    return best;
}

/// The lines of a box in its middle, in the largest letters that fit.
std::vector<Line> laid_out(const Box& box, const std::string& text) {
    if (text.empty()) return {};
    const auto texts = for_box(box, lines_of(text));
    const double letters = largest_letters(box, texts.size(), widest(texts));
    const double spacing = letters * line_spacing;
    const double top = box.y + (box.height - spacing * static_cast<double>(texts.size())) / 2;
    std::vector<Line> lines;
    lines.reserve(texts.size());
    for (const std::string& line : texts)
        lines.push_back({line, box.x + box.width / 2,
                         top + spacing * (static_cast<double>(lines.size()) + baseline), letters});
    return lines;
}

std::string text_of(const PosterTexts& texts, std::size_t box) {
    return box < texts.size() ? texts[box] : "";
}

std::string area_svg(const Box& box, const TextArea& area, const std::string& text) {
    std::string svg = "  <g>\n";
    if (area.scrim > 0)
        svg += fmt::format(
            "    <rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\" "
            "fill-opacity=\"{:.2f}\"/>\n",
            box.x, box.y, box.width, box.height, hex(area.scrim_colour), area.scrim);
    for (const Line& line : laid_out(box, text))
        svg += fmt::format(
            "    <text x=\"{:.1f}\" y=\"{:.1f}\" font-family=\"sans-serif\" font-size=\"{:.1f}\" fill=\"{}\" "
            "text-anchor=\"middle\">{}</text>\n",
            line.middle, line.baseline, line.letters, hex(area.text), xml_text(line.text));
    return svg + "  </g>\n";
}

/// Lays a colour over a box, at each pixel as opaque as `opacity` says, which gets its place in the box.
template <typename Opacity>
void cover(std::vector<std::uint8_t>& pixels, Size size, const Box& box, const Colour& colour,
           const Opacity& opacity) {
    const int left = static_cast<int>(std::lround(box.x)), top = static_cast<int>(std::lround(box.y));
    const int right = static_cast<int>(std::lround(box.right())),
              bottom = static_cast<int>(std::lround(box.bottom()));
    const std::array<std::uint8_t, 3> channels{colour.red, colour.green, colour.blue};
    for (int y = std::max(0, top); y < std::min(bottom, size.height); ++y)
        for (int x = std::max(0, left); x < std::min(right, size.width); ++x) {
            const double share = opacity(x - left, y - top);
            std::uint8_t* pixel = &pixels[(static_cast<std::size_t>(y) * size.width + x) * 3];
            for (std::size_t c = 0; c < channels.size(); ++c)
                pixel[c] =
                    static_cast<std::uint8_t>(std::lround(pixel[c] + (channels[c] - pixel[c]) * share));
        }
}

void draw(const Line& line, const Colour& colour, std::vector<std::uint8_t>& pixels, Size size) {
    const int height = static_cast<int>(std::lround(line.letters * 4 / 3));
    if (height < 1 || line.text.find_first_not_of(" \t") == std::string::npos) return;
    // A picture of text is black on white and cut to what is inked. Behind a bar, which is as high as letters
    // get, all lines have their baseline at one height.
    constexpr double bar_above_baseline = 0.76;
    const int width = text_image(xml_text(line.text), height).width();
    const Image letters = text_image("|" + xml_text(line.text), height);
    const int left = letters.width() - width;
    const Box box{line.middle - width / 2.0, line.baseline - letters.height() * bar_above_baseline,
                  static_cast<double>(width), static_cast<double>(letters.height())};
    cover(pixels, size, box, colour, [&](int x, int y) {
        return 1 - letters.at(left + std::min(x, width - 1), std::min(y, letters.height() - 1))[0] / 255.0;
    });
}

std::string svg_head(Size size, const Box& shown) {
    return fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" "
        "width=\"{}\" height=\"{}\" viewBox=\"{:.2f} {:.2f} {:.2f} {:.2f}\" preserveAspectRatio=\"xMidYMid "
        "slice\">\n",
        size.width, size.height, shown.x, shown.y, shown.width, shown.height);
}

Box scaled(const Box& box, Size size) {
    return {box.x * size.width, box.y * size.height, box.width * size.width, box.height * size.height};
}

/// The photo's size at which a crop of it has a poster's pixels, never more than the file has.
Size picture_size(Size photo, const PixelBox& crop, const std::optional<Size>& size) {
    const Size wanted = size.value_or(within({crop.width, crop.height}, longest_side));
    const double scale = std::min(1.0, std::max(static_cast<double>(wanted.width) / crop.width,
                                                static_cast<double>(wanted.height) / crop.height));
    return {std::max(1, static_cast<int>(std::lround(photo.width * scale))),
            std::max(1, static_cast<int>(std::lround(photo.height * scale)))};
}

}  // namespace

void check_poster_text(const std::string& text) {
    const bool has_control = std::any_of(text.begin(), text.end(), [](unsigned char c) {
        return (c < 0x20 && c != '\n' && c != '\t') || c == 0x7F;
    });
    const bool has_no_character =
        text.find("\xEF\xBF\xBE") != std::string::npos || text.find("\xEF\xBF\xBF") != std::string::npos;
    if (!is_utf8(text) || has_control || has_no_character)
        throw Error(ErrorCode::bad_argument,
                    "text '" + printable(text) + "' should be UTF-8 without control characters");
}

void check_room(const std::vector<CropFormat>& formats, const PosterTexts& texts, const std::string& blank) {
    const auto room = [](const CropFormat& format) { return format.options.blank.size(); };
    const auto most = std::max_element(formats.begin(), formats.end(),
                                       [&](const auto& a, const auto& b) { return room(a) < room(b); });
    if (most == formats.end() || room(*most) >= texts.size()) return;
    const bool none = room(*most) == 0;
    const std::string number = none ? "none" : std::to_string(room(*most));
    throw Error(ErrorCode::bad_argument,
                counted(texts.size(), "text is", "texts are") + " given, and " +
                    (formats.size() == 1 ? "format " + most->name + " has room for " + number
                     : none              ? "no format has room for any"
                                         : "no format has room for more than " + number) +
                    (none ? ": take a preset with text boxes, or " + blank : ""));
}

Image with_text_layer(const Image& picture, const Box& crop, const std::vector<TextArea>& areas,
                      const PosterTexts& texts) {
    std::vector<std::uint8_t> pixels(picture.pixels().begin(), picture.pixels().end());
    const Box shown = scaled(crop, picture.size());
    const PosterTexts shown_texts = texts.empty() ? PosterTexts{"Headline"} : texts;
    for (std::size_t i = 0; i < areas.size(); ++i) {
        const Box box = part_of(shown, areas[i].box);
        cover(pixels, picture.size(), box, areas[i].scrim_colour, [&](int, int) { return areas[i].scrim; });
        for (const Line& line : laid_out(box, text_of(shown_texts, i)))
            draw(line, areas[i].text, pixels, picture.size());
    }
    return {picture.size(), std::move(pixels)};
}

std::string poster_svg(const Photo& photo, Size photo_size, const CropCandidate& crop,
                       const std::optional<Size>& size, const PosterTexts& texts, double angle) {
    const Size frame = Levelling{angle, photo_size}.frame();
    const Size whole = picture_size(frame, crop.box, size);
    const Image picture = read_levelled(photo, photo_size, whole, angle);
    const Box shown = scaled(normalized(crop.box, frame), whole);
    const Size poster = size.value_or(
        Size{static_cast<int>(std::lround(shown.width)), static_cast<int>(std::lround(shown.height))});
    std::string areas;
    for (std::size_t i = 0; i < crop.copy.size(); ++i)
        areas += area_svg(part_of(shown, crop.copy[i].box), crop.copy[i], text_of(texts, i));
    return svg_head(poster, shown) +
           fmt::format(
               "  <image x=\"0\" y=\"0\" width=\"{}\" height=\"{}\" "
               "xlink:href=\"data:image/jpeg;base64,{}\"/>\n",
               whole.width, whole.height, base64(encode_jpeg(picture, 90))) +
           areas + "</svg>\n";
}

}  // namespace piaa::cli
