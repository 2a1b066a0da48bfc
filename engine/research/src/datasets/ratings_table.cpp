#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <sstream>
#include <unordered_map>
#include <utility>

#include <piaa/error.h>
#include <piaa/research/ratings_table.h>

namespace piaa {
namespace {

/// Numbers names in order of first appearance.
class Index {
public:
    explicit Index(std::vector<std::string>& names) : names_(names) {}
    std::size_t of(const std::string& name) {
        const auto [place, is_new] = places_.emplace(name, names_.size());
        if (is_new) names_.push_back(name);
        return place->second;
    }

private:
    std::vector<std::string>& names_;
    std::unordered_map<std::string, std::size_t> places_;
};

std::string text(double number) {
    std::ostringstream stream;
    stream << number;
    return stream.str();
}

const std::string& name_in(const CsvTable& table, const CsvTable::Row& row, std::size_t column) {
    const std::string& field = row.fields[column];
    if (field.empty())
        throw Error(ErrorCode::bad_data, table.name() + ": line " + std::to_string(row.line) + ", column '" +
                                             table.header()[column] + "' is empty and should hold a name");
    return field;
}

}  // namespace

RatingsTable::RatingsTable(const CsvTable& table, const RatingScale& scale) : scale_(scale) {
    if (!std::isfinite(scale.low) || !std::isfinite(scale.high) || !(scale.low < scale.high))
        throw Error(ErrorCode::bad_data, "rating scale runs from " + text(scale.low) + " to " +
                                             text(scale.high) + " and should rise");
    const std::size_t image_column = table.column("image");
    const std::size_t rating_column = table.column("rating");
    const auto rater_column = table.find_column("rater");
    Index raters(raters_);
    Index images(images_);
    for (const auto& line : table.rows()) {
        Row row;
        row.rater = raters.of(rater_column ? name_in(table, line, *rater_column) : std::string());
        row.image = images.of(name_in(table, line, image_column));
        row.rating = table.number(line, rating_column);
        if (row.rating < scale.low || row.rating > scale.high)
            throw Error(ErrorCode::bad_data, table.name() + ": line " + std::to_string(line.line) +
                                                 ", column 'rating' is " + text(row.rating) +
                                                 " and should lie between " + text(scale.low) + " and " +
                                                 text(scale.high));
        rows_.push_back(row);
    }
    if (rows_.empty())
        throw Error(ErrorCode::bad_data,
                    table.name() + ": the table has no ratings and should have at least one");
}

RatingsTable RatingsTable::rows_where(const std::function<bool(const Row& row)>& keep,
                                      const std::string& what) const {
    RatingsTable kept(scale_, detail_);
    Index raters(kept.raters_);
    Index images(kept.images_);
    for (const Row& row : rows_)
        if (keep(row))
            kept.rows_.push_back(
                {raters.of(raters_[row.rater]), images.of(images_[row.image]), row.rating, row.count});
    if (kept.rows_.empty())
        throw Error(ErrorCode::bad_data,
                    "none of the " + what + " was asked for, and at least one should be");
    return kept;
}

RatingsTable RatingsTable::of_images(const std::function<bool(const std::string& image)>& keep) const {
    std::vector<bool> wanted;
    for (const auto& image : images_) wanted.push_back(keep(image));
    return rows_where([&](const Row& row) { return wanted[row.image]; },
                      std::to_string(images_.size()) + " rated photos");
}

RatingsTable RatingsTable::of_raters(const std::function<bool(const std::string& rater)>& keep) const {
    std::vector<bool> wanted;
    for (const auto& rater : raters_) wanted.push_back(keep(rater));
    return rows_where([&](const Row& row) { return wanted[row.rater]; },
                      std::to_string(raters_.size()) + " raters");
}

void RatingsCollector::add(const std::string& rater, const std::string& image, double rating,
                           std::size_t count) {
    const auto number = [](std::unordered_map<std::string, std::size_t>& places,
                           std::vector<std::string>& names, const std::string& name) {
        const auto [place, is_new] = places.emplace(name, names.size());
        if (is_new) names.push_back(name);
        return place->second;
    };
    table_.rows_.push_back(
        {number(raters_, table_.raters_, rater), number(images_, table_.images_, image), rating, count});
}

RatingsTable RatingsCollector::take(const std::string& source) {
    if (table_.rows_.empty())
        throw Error(ErrorCode::bad_data, source + ": there are no ratings and there should be at least one");
    return std::move(table_);
}

std::vector<std::size_t> RatingsTable::image_counts() const {
    std::vector<std::size_t> counts(images_.size());
    for (const Row& row : rows_) counts[row.image] += row.count;
    return counts;
}

std::vector<double> RatingsTable::image_means() const {
    std::vector<double> means(images_.size());
    for (const Row& row : rows_) means[row.image] += row.rating * static_cast<double>(row.count);
    const auto counts = image_counts();
    for (std::size_t i = 0; i < means.size(); ++i) means[i] /= static_cast<double>(counts[i]);
    return means;
}

std::vector<ScoreDistribution> RatingsTable::image_distributions(int bins) const {
    if (bins < 2)
        throw Error(ErrorCode::bad_argument,
                    "rating distribution of " + std::to_string(bins) + " ratings should have at least 2");
    std::vector<std::vector<double>> shares(images_.size(), std::vector<double>(bins));
    const auto counts = image_counts();
    for (const Row& row : rows_) {
        const double place = (row.rating - scale_.low) / (scale_.high - scale_.low) * (bins - 1);
        const int below = std::min(static_cast<int>(place), bins - 2);
        const double weight = static_cast<double>(row.count) / static_cast<double>(counts[row.image]);
        shares[row.image][below] += weight * (below + 1 - place);
        shares[row.image][below + 1] += weight * (place - below);
    }
    std::vector<ScoreDistribution> result;
    for (auto& share : shares) result.emplace_back(scale_.low, scale_.high, std::move(share));
    return result;
}

std::vector<double> RatingsTable::leave_one_out_means() const {
    struct Sum {
        double total = 0;
        double count = 0;
    };
    std::vector<Sum> everyone(images_.size());
    std::map<std::pair<std::size_t, std::size_t>, Sum> own;
    for (const Row& row : rows_) {
        for (Sum* sum : {&everyone[row.image], &own[{row.rater, row.image}]}) {
            sum->total += row.rating * static_cast<double>(row.count);
            sum->count += static_cast<double>(row.count);
        }
    }
    std::vector<double> means;
    means.reserve(rows_.size());
    for (const Row& row : rows_) {
        const Sum& all = everyone[row.image];
        const Sum& mine = own.at({row.rater, row.image});
        means.push_back(all.count > mine.count ? (all.total - mine.total) / (all.count - mine.count)
                                               : std::numeric_limits<double>::quiet_NaN());
    }
    return means;
}

RatingsTable read_ratings(const boost::filesystem::path& file, const RatingScale& scale) {
    return {read_csv(file), scale};
}

RatingScale parse_rating_scale(const std::string& text) {
    RatingScale scale;
    const char* end = text.data() + text.size();
    const auto low = std::from_chars(text.data(), end, scale.low);
    const bool dash = low.ec == std::errc() && low.ptr != end && *low.ptr == '-';
    const auto high = std::from_chars(dash ? low.ptr + 1 : end, end, scale.high);
    if (!dash || high.ec != std::errc() || high.ptr != end || !(scale.low < scale.high))
        throw Error(ErrorCode::bad_argument, "scale is '" + text + "' and should be like 1-5, lowest first");
    return scale;
}

}  // namespace piaa
