using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Inference;

/// <summary>
/// Some of the images, chosen by their ids: every replica and every replay chooses the same, and a larger share holds all of a smaller one.
/// </summary>
/// <param name="share">0 to 1.</param>
internal readonly struct ImageShare(double share)
{
    public bool Has(string imageId) => share >= 1 || Place(imageId) < share;

    /// <summary>From 0 to 1, evenly, also where ids are counted.</summary>
    private static double Place(string imageId) =>
        BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(imageId))) / (uint.MaxValue + 1d);
}
