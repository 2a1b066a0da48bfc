/// attribute_shares MODEL FOLDER: the figures of engine/src/attribute_norms.cpp, from the photos of a folder.
/// Mean and deviation of each attribute, and the slopes of the regression of the model's generic scores on
/// all attributes together, each in deviations; a weak ridge keeps attributes that go together from taking
/// turns.
#include <Eigen/Dense>
#include <cstdio>

#include <piaa/piaa.h>

#include "photos/image_file.h"
#include "photos/photo_list.h"

using namespace piaa;

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    const Model model = load_model(argv[1]);
    const auto photos = cli::list_photos({argv[2]}).photos;
    const auto count = static_cast<Eigen::Index>(photos.size());
    Eigen::MatrixXd attributes(count, static_cast<Eigen::Index>(attribute_count));
    Eigen::VectorXd scores(count);
    for (Eigen::Index i = 0; i < count; ++i) {
        const Image image =
            cli::read_image(photos[i].file, [&](Size size) { return decode_size(model, size); }).image;
        const Features features = extract_features(model, std::span(&image, 1)).front();
        for (std::size_t a = 0; a < attribute_count; ++a)
            attributes(i, static_cast<Eigen::Index>(a)) = features.attributes[a];
        scores(i) = score(model, features).generic;
    }
    const Eigen::RowVectorXd mean = attributes.colwise().mean();
    attributes.rowwise() -= mean;
    const Eigen::RowVectorXd deviation =
        (attributes.colwise().squaredNorm() / static_cast<double>(count)).cwiseSqrt();
    attributes.array().rowwise() /= deviation.array();
    const double average = scores.mean();
    scores.array() -= average;
    const double ridge = 0.02 * static_cast<double>(count);
    Eigen::MatrixXd gram = attributes.transpose() * attributes;
    gram.diagonal().array() += ridge;
    const Eigen::VectorXd slopes = gram.ldlt().solve(attributes.transpose() * scores);
    const double left = (scores - attributes * slopes).squaredNorm() / scores.squaredNorm();
    for (std::size_t a = 0; a < attribute_count; ++a) {
        const auto i = static_cast<Eigen::Index>(a);
        std::printf("%-16s mean %.3f deviation %.3f slope %+.3f\n",
                    std::string(attribute_name(static_cast<Attribute>(a))).c_str(), mean(i), deviation(i),
                    slopes(i));
    }
    std::printf("%ld photos, mean score %.3f, explained %.3f\n", static_cast<long>(count), average, 1 - left);
}
