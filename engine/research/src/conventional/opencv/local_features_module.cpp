#include <opencv2/core.hpp>
#include <opencv2/features2d.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/ml.hpp>

#include <piaa/error.h>

#include "conventional/local_features.h"

namespace piaa {
namespace {

constexpr int grid_step = 12;
constexpr float patch_sizes[] = {16, 28};
/// A descriptor has four bins a side, each 3 halves of what OpenCV calls a key point's size.
constexpr float patch_per_size = 6;
constexpr int cluster_rounds = 40;
constexpr int mixture_rounds = 60;

/// A view on the rows, without a copy; OpenCV does not write to it.
cv::Mat view(const RowMatrix& rows) {
    return {static_cast<int>(rows.rows()), static_cast<int>(rows.cols()), CV_32F,
            const_cast<float*>(rows.data())};
}

RowMatrix rows_of(const cv::Mat& mat) {
    cv::Mat floats;
    mat.convertTo(floats, CV_32F);
    return Eigen::Map<const RowMatrix>(floats.ptr<float>(), floats.rows, floats.cols);
}

/// OpenCV's errors as ours.
template <typename Work>
auto translated(const Work& work) {
    try {
        cv::setNumThreads(1);  // the same sums in the same order, whatever the machine
        return work();
    } catch (const cv::Exception& error) {
        throw Error(ErrorCode::bad_data, std::string("local features: ") + error.what());
    }
}

class OpenCvFeatures : public LocalFeatures {
public:
    std::vector<std::uint8_t> dense_sift(const Image& image) const override {
        return translated([&] {
            const cv::Mat colour(image.size().height, image.size().width, CV_8UC3,
                                 const_cast<std::uint8_t*>(image.pixels().data()));
            cv::Mat grey;
            cv::cvtColor(colour, grey, cv::COLOR_RGB2GRAY);
            std::vector<cv::KeyPoint> places;
            for (const float size : patch_sizes)
                for (int y = grid_step / 2; y < grey.rows; y += grid_step)
                    for (int x = grid_step / 2; x < grey.cols; x += grid_step)
                        places.emplace_back(static_cast<float>(x), static_cast<float>(y),
                                            size / patch_per_size, 0.0F);
            cv::Mat found;
            cv::SIFT::create()->compute(grey, places, found);
            cv::Mat bytes;
            found.convertTo(bytes, CV_8U);
            return std::vector<std::uint8_t>(bytes.datastart, bytes.dataend);
        });
    }

    RowMatrix cluster(const RowMatrix& points, int count, std::uint64_t seed) const override {
        return translated([&] {
            cv::setRNGSeed(static_cast<int>(seed));
            cv::Mat labels;
            cv::Mat centres;
            cv::kmeans(view(points), count, labels,
                       {cv::TermCriteria::COUNT + cv::TermCriteria::EPS, cluster_rounds, 1e-3}, 1,
                       cv::KMEANS_PP_CENTERS, centres);
            return rows_of(centres);
        });
    }

    Mixture fit_mixture(const RowMatrix& points, int count, std::uint64_t seed) const override {
        return translated([&] {
            cv::setRNGSeed(static_cast<int>(seed));
            const auto mixture = cv::ml::EM::create();
            mixture->setClustersNumber(count);
            mixture->setCovarianceMatrixType(cv::ml::EM::COV_MAT_DIAGONAL);
            mixture->setTermCriteria({cv::TermCriteria::COUNT + cv::TermCriteria::EPS, mixture_rounds, 1e-4});
            mixture->trainEM(view(points));
            Mixture result{
                rows_of(mixture->getWeights()).row(0).transpose(), rows_of(mixture->getMeans()), {}};
            std::vector<cv::Mat> covariances;
            mixture->getCovs(covariances);
            result.variances.resize(result.means.rows(), result.means.cols());
            for (Eigen::Index i = 0; i < result.means.rows(); ++i)
                result.variances.row(i) =
                    rows_of(covariances[static_cast<std::size_t>(i)]).diagonal().transpose();
            return result;
        });
    }

    std::vector<double> regress(const RowMatrix& rows, const std::vector<double>& targets,
                                const RowMatrix& others, const SupportVectorOptions& options) const override {
        return translated([&] {
            const auto machine = cv::ml::SVM::create();
            machine->setType(cv::ml::SVM::EPS_SVR);
            machine->setKernel(options.linear ? cv::ml::SVM::LINEAR : cv::ml::SVM::RBF);
            machine->setC(options.penalty);
            machine->setGamma(options.width);
            machine->setP(options.tolerance);
            machine->setTermCriteria({cv::TermCriteria::COUNT + cv::TermCriteria::EPS, 10000, 1e-5});
            cv::Mat wanted(static_cast<int>(targets.size()), 1, CV_32F);
            for (int i = 0; i < wanted.rows; ++i)
                wanted.at<float>(i) = static_cast<float>(targets[static_cast<std::size_t>(i)]);
            machine->train(view(rows), cv::ml::ROW_SAMPLE, wanted);
            cv::Mat predicted;
            machine->predict(view(others), predicted);
            std::vector<double> result;
            for (int i = 0; i < predicted.rows; ++i) result.push_back(predicted.at<float>(i));
            return result;
        });
    }
};

}  // namespace
}  // namespace piaa

extern "C" PIAA_API const piaa::LocalFeatures* piaa_local_features() {
    static const piaa::OpenCvFeatures features;
    return &features;
}
