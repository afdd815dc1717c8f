using System.Xml;
using System.Xml.Linq;
using OrleansWings.Commands;

namespace OrleansWings.DataFolders;

/// <summary>
/// Looks whether the keys that sign the cookies can be read. ASP.NET Core reads them at the first form, says nothing before, and with
/// one that is damaged (empty, after a power cut) answers every page with a fault.
/// </summary>
internal static class KeyFiles
{
    /// <exception cref="CannotStartException">One is damaged; it was not changed.</exception>
    public static void Check(string folder)
    {
        foreach (var path in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.xml") : [])
        {
            try
            {
                XElement.Load(path);
            }
            catch (Exception e) when (e is XmlException or IOException or UnauthorizedAccessException)
            {
                throw new CannotStartException($"The cookies' key {path} cannot be read: {e.Message} It was left as it is. Restore it from a backup; or move it away, and everybody signs in anew.", e);
            }
        }
    }
}
