#include "pages/result_page.h"

#include <algorithm>
#include <atomic>
#include <ostream>
#include <thread>

#include <piaa/error.h>

#include "console/base64.h"
#include "console/counted.h"
#include "console/escape.h"
#include "pages/page_data.h"
#include "photos/image_file.h"
#include "photos/small_image.h"
#include "result_page_template.h"

namespace piaa::cli {
namespace {

namespace fs = boost::filesystem;
using Json = nlohmann::ordered_json;

constexpr int jpeg_quality = 70;

/// Pages of many photos get smaller copies, so that a browser opens them at once: 5,000 make about 50 MB.
int longest_side(std::size_t photos) {
    return photos <= 300 ? 640 : photos <= 1500 ? 400 : 260;
}

/// At most so many pixels along the longer side. The photo's eighth where that is nearly as much: it is what
/// a JPEG gives for least, above all one of several scans.
Size copy_size(Size photo, int side) {
    const Size eighth{photo.width / 8, photo.height / 8};
    const int longer = std::max(eighth.width, eighth.height);
    const bool enough = std::min(eighth.width, eighth.height) > 0 && longer <= side && 4 * longer >= 3 * side;
    return enough ? eighth : within(photo, side);
}

std::string copy_of(const fs::path& photo, int side) {
    const Image image = read_at({photo}, [side](Size size) { return copy_size(size, side); });
    return encode_jpeg(image, jpeg_quality);
}

/// What the page is told of a photo.
Json page_record(const Json& record, std::string jpeg) {
    Json photo;
    for (const char* name : {"path", "score", "generic", "trust", "spread", "stars", "flags"})
        if (record.contains(name)) photo[name] = record[name];
    photo["path"] = percent_escaped(record["path"].get_ref<const std::string&>());
    photo["jpeg"] = std::move(jpeg);
    return photo;
}

}  // namespace

ResultPage::ResultPage(const fs::path& file, int jobs, std::ostream& err)
    : file_(file), output_(file, err), jobs_(jobs) {}

void ResultPage::take(const Json& record) {
    records_.push_back(record);
}

void ResultPage::finish(std::ostream& err, bool quiet) {
    std::sort(records_.begin(), records_.end(),
              [](const Json& a, const Json& b) { return a["path"] < b["path"]; });
    const int side = longest_side(records_.size());
    std::vector<std::string> copies(records_.size());
    std::atomic<std::size_t> next = 0, missing = 0;
    const auto work = [&] {
        for (std::size_t i; (i = next++) < records_.size();) {
            try {
                copies[i] = base64(copy_of(records_[i]["path"].get<std::string>(), side));
            } catch (
                const Error&) {  // gone or changed since it was scored: its row is shown without a picture
                ++missing;
            }
        }
    };
    {
        std::vector<std::jthread> workers;
        const int count =
            jobs_ > 0 ? jobs_ : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
        for (int i = 0; i < count; ++i) workers.emplace_back(work);
    }
    Json data = {{"personal", false}, {"made", ""}, {"photos", Json::array()}};
    if (!records_.empty()) {
        const Json& first = records_.front();
        data["personal"] = first.contains("generic");
        data["made"] = "model " + first.value("model", "") + ", piaa-batch " + first.value("version", "");
    }
    for (std::size_t i = 0; i < records_.size(); ++i)
        data["photos"].push_back(page_record(records_[i], std::move(copies[i])));

    const std::string_view page = result_page_template;
    constexpr std::string_view place = "@PIAA_RESULT_DATA@";
    const auto at = page.find(place);
    output_.stream() << page.substr(0, at) << for_script(data) << page.substr(at + place.size());
    output_.complete();
    if (quiet) return;
    err << "piaa-batch: open " << printable(file_.string()) << " in a browser to look at "
        << counted(records_.size(), "photo");
    if (missing > 0) err << ", " << missing << " of them without a picture";
    err << '\n';
}

}  // namespace piaa::cli
