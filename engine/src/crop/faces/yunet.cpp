#include "crop/faces/yunet.h"

#include <algorithm>
#include <cmath>

#include <opencv2/imgproc.hpp>

namespace piaa {
namespace {

/// The cost goes with the area looked at; at this one a face of a twentieth of the longer side has 16 pixels.
constexpr int side = 320;
constexpr std::array strides{8, 16, 32};
/// A box that must be kept costs more when it is wrong than a face that is missed.
constexpr float certain = 0.75F;
constexpr float same_face = 0.3F;   // overlap
constexpr int smallest_share = 24;  // of the longer side

struct Candidates {
    std::vector<cv::Rect> boxes;
    std::vector<float> scores;
    std::vector<std::array<cv::Point2f, 2>> eyes;
};

/// One of the network's grids: for each place how likely it is a face, how likely anything, the box around
/// the place (centre in strides, logarithm of the size in strides) and five points, the eyes first.
void read_grid(const std::array<cv::Mat, 4>& grid, int stride, Candidates& found) {
    const int columns = side / stride;
    const auto* const faces = grid[0].ptr<float>();
    const auto* const things = grid[1].ptr<float>();
    const auto* box = grid[2].ptr<float>();
    const auto* points = grid[3].ptr<float>();
    for (int place = 0; place < columns * columns; ++place, box += 4, points += 10) {
        const float score =
            std::sqrt(std::clamp(faces[place], 0.0F, 1.0F) * std::clamp(things[place], 0.0F, 1.0F));
        if (score < certain) continue;
        const auto column = static_cast<float>(place % columns);
        const auto row = static_cast<float>(place / columns);
        const auto step = static_cast<float>(stride);
        const float width = std::exp(box[2]) * step;
        const float height = std::exp(box[3]) * step;
        found.boxes.emplace_back(cv::Point(cvRound((column + box[0]) * step - width / 2),
                                           cvRound((row + box[1]) * step - height / 2)),
                                 cv::Size(cvRound(width), cvRound(height)));
        found.scores.push_back(score);
        found.eyes.push_back({cv::Point2f((points[0] + column) * step, (points[1] + row) * step),
                              cv::Point2f((points[2] + column) * step, (points[3] + row) * step)});
    }
}

}  // namespace

YuNet::YuNet(const std::string& file) : net_(cv::dnn::readNet(file)) {
    net_.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
    net_.setPreferableTarget(cv::dnn::DNN_TARGET_CPU);
    for (const char* kind : {"cls_", "obj_", "bbox_", "kps_"})
        for (const int stride : strides) outputs_.push_back(kind + std::to_string(stride));
}

std::vector<Face> YuNet::find(const cv::Mat& colour) {
    // One size for all photos, black beside them: another size would cost the network a new plan.
    const double shrink = std::min(1.0, static_cast<double>(side) / std::max(colour.cols, colour.rows));
    cv::Mat fitted = colour;
    if (shrink < 1)
        cv::resize(colour, fitted,
                   {std::max(1, cvRound(colour.cols * shrink)), std::max(1, cvRound(colour.rows * shrink))},
                   0, 0, cv::INTER_AREA);
    cv::Mat square(side, side, CV_8UC3, cv::Scalar::all(0));
    fitted.copyTo(square(cv::Rect(0, 0, fitted.cols, fitted.rows)));
    net_.setInput(cv::dnn::blobFromImage(square, 1, {}, {}, true));  // the network takes blue first
    std::vector<cv::Mat> grids;
    net_.forward(grids, outputs_);

    Candidates candidates;
    constexpr std::size_t count = strides.size();
    for (std::size_t k = 0; k < count; ++k)
        read_grid({grids[k], grids[count + k], grids[2 * count + k], grids[3 * count + k]}, strides[k],
                  candidates);
    std::vector<int> best;
    cv::dnn::NMSBoxes(candidates.boxes, candidates.scores, certain, same_face, best);

    std::vector<Face> faces;
    const int smallest = std::max(fitted.cols, fitted.rows) / smallest_share;
    for (const int i : best) {
        const cv::Rect box = candidates.boxes[i] & cv::Rect(0, 0, fitted.cols, fitted.rows);
        if (candidates.boxes[i].height < smallest || box.empty()) continue;
        Face face{box.x / shrink,      box.y / shrink,       box.width / shrink,
                  box.height / shrink, candidates.scores[i], {}};
        for (std::size_t eye = 0; eye < face.eyes.size(); ++eye)
            face.eyes[eye] = {candidates.eyes[i][eye].x / shrink, candidates.eyes[i][eye].y / shrink};
        faces.push_back(face);
    }
    return faces;
}

}  // namespace piaa
