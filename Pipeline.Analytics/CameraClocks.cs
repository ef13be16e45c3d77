namespace Pipeline.Analytics;

/// <summary>How far cameras' clocks are off, told by their images: captured by the camera's clock, stored by ours.</summary>
/// <remarks>
/// An image that is stored before it was captured tells of a clock that is ahead. One that is behind looks like a long way, so it is held
/// against the quickest camera's, and a way that is long because images wait somewhere varies from image to image, which a clock does not.
/// </remarks>
internal sealed class CameraClocks
{
    /// <summary>Clocks that are off by less are as good as right.</summary>
    public static readonly TimeSpan Notable = TimeSpan.FromSeconds(1);

    /// <summary>The latest images of a camera that are looked at, so that a clock that is set right is right soon.</summary>
    private const int MaxImages = 100;

    /// <summary>Fewer may all have waited equally long.</summary>
    private const int MinImagesBehind = 10;

    /// <summary>Even where there is no other camera to compare with, nobody's images are on their way so long and all equally long.</summary>
    private static readonly TimeSpan LongestWay = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, Camera> _cameras = new(StringComparer.Ordinal);

    /// <summary>Cameras whose clock is notably ahead (above zero) or behind.</summary>
    public IReadOnlyDictionary<string, TimeSpan> Skews { get; private set; } = new Dictionary<string, TimeSpan>();

    /// <param name="images">Oldest first; some may have been seen before.</param>
    /// <param name="since">Cameras that stored nothing since then are forgotten.</param>
    public void Observe(IEnumerable<ImageTimes> images, DateTime since)
    {
        foreach (var image in images)
        {
            if (image.Way is not { } way)
            {
                continue;
            }
            if (!_cameras.TryGetValue(image.Producer, out var camera))
            {
                _cameras.Add(image.Producer, camera = new Camera());
            }
            camera.LatestAt = image.StoredAt!.Value;
            camera.WaysMs.Enqueue((long)way.TotalMilliseconds);
            if (camera.WaysMs.Count > MaxImages)
            {
                camera.WaysMs.Dequeue();
            }
        }
        foreach (var (name, camera) in _cameras)
        {
            if (camera.LatestAt < since)
            {
                _cameras.Remove(name);
            }
        }
        Skews = Measured();
    }

    private Dictionary<string, TimeSpan> Measured()
    {
        var ways = _cameras.ToDictionary(camera => camera.Key, camera => Way.Of(camera.Value.WaysMs), StringComparer.Ordinal);
        var quickest = ways.Values.Where(way => way.Quick >= TimeSpan.Zero).Select(way => way.Quick).Append(LongestWay).Min();
        Dictionary<string, TimeSpan> skews = new(StringComparer.Ordinal);
        foreach (var (camera, way) in ways)
        {
            var ahead = quickest - way.Quick;
            if (ahead > Notable && way.Quick < TimeSpan.Zero)
            {
                skews.Add(camera, ahead);
            }
            else if (ahead < -Notable && way.ImageCount >= MinImagesBehind && way.Usual - way.Quick <= Notable)
            {
                skews.Add(camera, ahead);
            }
        }
        return skews;
    }

    private sealed class Camera
    {
        public Queue<long> WaysMs { get; } = new();

        public DateTime LatestAt { get; set; }
    }

    /// <summary>From capture to store, by two clocks.</summary>
    /// <param name="Quick">A tenth of the images are quicker: a single odd one says nothing of the clock.</param>
    /// <param name="Usual">The median.</param>
    private readonly record struct Way(int ImageCount, TimeSpan Quick, TimeSpan Usual)
    {
        public static Way Of(IEnumerable<long> waysMs)
        {
            var sorted = waysMs.Order().ToList();
            return new(
                sorted.Count, TimeSpan.FromMilliseconds(Timeline.Percentile(sorted, 0.1)), TimeSpan.FromMilliseconds(Timeline.Percentile(sorted, 0.5)));
        }
    }
}
